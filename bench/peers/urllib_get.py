import sys, urllib.request
with urllib.request.urlopen(sys.argv[1]) as response:
    print(response.status, response.read())
