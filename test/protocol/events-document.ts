/**
 * The events in the order of the phone's page, copied by hand: its id of the field without `Url`, then its label. The
 * truth the source is held against.
 */
export const PAGE = `
setupCompleted Setup Completed
registered Registered
unregistered Unregistered
registerFailed Register Failed
offHook Off Hook
onHook On Hook
incomingCall Incoming Call
outgoingCall Outgoing Call
established Established
terminated Terminated
openDND Open DND
closeDND Close DND
openAlwaysForward Open Always Forward
closeAlwaysForward Close Always Forward
openBusyForward Open Busy Forward
closeBusyForward Close Busy Forward
openNoAnswerForward Open NoAnswer Forward
closeNoAnswerForward Close NoAnswer Forward
transferCall Transfer Call
blindTransfer Blind Transfer
attendedTransfer Attended Transfer
hold Hold
unHold UnHold
mute Mute
unMute UnMute
missedCall Missed Call
IPChanged IP Changed
idleToBusy Idle To Busy
busyToIdle Busy To Idle
rejectIncomingCall Reject Incoming Call
answerNewIncomingCall Answer New Incoming Call
transferFailed Transfer Failed
transferFinished Transfer Finished
forwardIncomingCall Forward Incoming Call
autopFinish Autop Finish
openCallWaiting Open Call Waiting
closeCallWaiting Close Call Waiting
headset Headset
handfree Handfree
cancelCallOut Cancel Call Out
remoteBusy Remote Busy
callRemoteCanceled Call Remote Canceled
`
  .trim()
  .split('\n')
  .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const);

const HOST = 'http://172.16.0.184';

/** Every URL of the document's section 1, and the event that stands above it. */
export const EXAMPLES = `
setupCompleted http://172.16.0.67/setup.xml?mac=$mac
setupCompleted http://172.16.0.11/setup.xml?ip=$ip&model=$model
setupCompleted ${HOST}/setupCompletedUrl.xml?ip=$ip&mac=$mac
registered ${HOST}/registeredUrl.xml?ip=$ip&mac=$mac
unregistered ${HOST}/unregisterUrl.xml?ip=$ip&mac=$mac
registerFailed ${HOST}/registerFailedUrl.xml?firmware=$firmware&model=$model
offHook ${HOST}/offHookUrl.xml?firmware=$firmware&model=$model
onHook ${HOST}/onHookUrl.xml?firmware=$firmware&model=$model
incomingCall ${HOST}/incomingCallUrl.xml?firmware=$firmware&model=$model
outgoingCall ${HOST}/outgoingCallUrl.xml?ip=$ip&mac=$mac
established ${HOST}/establishedUrl.xml?call_id=$call_id&caller_ID=$caller_ID&called_number=$called_number
terminated ${HOST}/terminatedUrl.xml?firmware=$firmware&model=$model
openDND ${HOST}/openDNDUrl.xml?firmware=$firmware&model=$model
closeDND ${HOST}/closeDNDUrl.xml?firmware=$firmware&model=$model
openAlwaysForward ${HOST}/openAlwaysForwardUrl.xml?ip=$ip&mac=$mac
closeAlwaysForward ${HOST}/closeAlwaysForwardUrl.xml?ip=$ip&mac=$mac
openBusyForward ${HOST}/openBusyForwardUrl.xml?ip=$ip&mac=$mac
closeBusyForward ${HOST}/closeBusyForwardUrl.xml?ip=$ip&mac=$mac
openNoAnswerForward ${HOST}/openNoAnswerForwardUrl.xml?firmware=$firmware&model=$model
closeNoAnswerForward ${HOST}/closeNoAnswerForwardUrl.xml?firmware=$firmware&model=$model
transferCall ${HOST}/transferCallUrl.xml?ip=$ip&mac=$mac
blindTransfer ${HOST}/blindtransfer.xml?ip=$ip&mac=$mac
attendedTransfer ${HOST}/attendedTransferUrl.xml?ip=$ip&mac=$mac
hold ${HOST}/holdUrl.xml?action_url=$action_url
unHold ${HOST}/unHoldUrl.xml?action_url=$action_url
mute ${HOST}/muteUrl.xml?action_url=$action_url
unMute ${HOST}/unmuteUrl.xml?action_url=$action_url
missedCall ${HOST}/misssedCallUrl.xml?action_user=$action_user&action_host=$action_host
IPChanged ${HOST}/IPChangedUrl.xml?action_user=$action_user&action_host=$action_host
idleToBusy ${HOST}/idleToBusyUrl.xml?firmware=$firmware&model=$model
busyToIdle ${HOST}/busyToIdleUrl.xml?firmware=$firmware&model=$model
rejectIncomingCall ${HOST}/rejectIncomingCallUrl.xml?display_local=$display_local&display_remote=$display_remote
answerNewIncomingCall ${HOST}/answerIncomingcall.xml?local=$local&remote=$remote
transferFailed ${HOST}/transferFailedUrl.xml?ip=$ip&mac=$mac
transferFinished ${HOST}/transferFinishedUrl.xml?ip=$ip&mac=$mac
forwardIncomingCall ${HOST}/forwardIncomingCallUrl.xml?firmware=$firmware&model=$model
autopFinish ${HOST}/autopFinishUrl.xml?firmware=$firmware&model=$model
openCallWaiting ${HOST}/openCallWaitingUrl.xml?ip=$ip&mac=$mac
closeCallWaiting ${HOST}/closeCallWaitingUrl.xml?ip=$ip&mac=$mac
headset ${HOST}/headsetUrl.xml?ip=$ip&mac=$mac
handfree ${HOST}/handfreeUrl.xml?firmware=$firmware&model=$model
cancelCallOut ${HOST}/cancelCallOutUrl.xml?firmware=$firmware&model=$model
remoteBusy ${HOST}/remoteBusyUrl.xml?ip=$ip&mac=$mac
callRemoteCanceled ${HOST}/callRemoteCanceledUrl.xml?ip=$ip&mac=$mac
`
  .trim()
  .split('\n')
  .map((line) => line.split(' ') as [event: string, url: string]);

/** Every request line that the document captured, and the event that stands above it. */
export const CAPTURED = `
unMute GET /unmuteUrl.xml?action_url= HTTP/1.0
setupCompleted GET /setupCompletedUrl.xml?ip=172.16.0.102&mac=80:82:87:04:68:C2 HTTP/1.0
registered GET /registeredUrl.xml?ip=172.16.0.102&mac=80:82:87:04:68:C2 HTTP/1.0
registerFailed GET /registerFailedUrl.xml?firmware=2.2.5.45698&model=A41w HTTP/1.0
offHook GET /offHookUrl.xml?firmware=2.2.5.45698&model=A41w HTTP/1.0
idleToBusy GET /idleToBusyUrl.xml?action_user=&action_host= HTTP/1.0
cancelCallOut GET /cancelCalloutUrl.xml?firmware=2.2.5.45698&model=A41w HTTP/1.0
busyToIdle GET /busyToIdleUrl.xml?firmware=2.2.5.45698&model=A41w HTTP/1.0
openDND GET /openDNDUrl.xml?firmware=2.2.5.45698&model=A41w HTTP/1.0
closeDND GET /closeDNDUrl.xml?firmware=2.2.5.45698&model=A41w HTTP/1.0
openAlwaysForward GET /openAlwaysForwardUrl.xml?ip=172.16.0.102&mac=80:82:87:04:6B:C2 HTTP/1.0
openBusyForward GET /openBusyForwardUrl.xml?ip=172.16.0.102&mac=80:82:87:04:6B:C2 HTTP/1.0
openNoAnswerForward GET /openNoAnswerForwardUrl.xml?firmware=2.2.5.45698&model=A41w HTTP/1.0
closeAlwaysForward GET /closeAlwaysForwardUrl.xml?ip=172.16.0.102&mac=80:82:87:04:6B:C2 HTTP/1.0
closeBusyForward GET /closeBusyForwardUrl.xml?ip=172.16.0.102&mac=80:82:87:04:6B:C2 HTTP/1.0
closeNoAnswerForward GET /closeNoAnswerForwardUrl.xml?firmware=2.2.5.45698&model=A41w HTTP/1.0
closeCallWaiting GET /closeCallWaitingUrl.xml?ip=172.16.0.102&mac=80:82:87:04:6B:C2 HTTP/1.0
openCallWaiting GET /openCallWaitingUrl.xml?ip=172.16.0.102&mac=80:82:87:04:6B:C2 HTTP/1.0
`
  .trim()
  .split('\n')
  .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const);
