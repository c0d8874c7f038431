/** Shells that have a script. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/*
 * Each script passes the words up to the cursor to `atcom completion <shell> -- <words>` and reads lines: a word, a
 * tab, and its meaning; or `:files`, `:folders`, `:files yaml json`. Neither the words of the command line nor the
 * candidates are ever evaluated. @bomb.sh/tab and similar packages put the line through `eval`.
 */

/**
 * Bash splits words at `:`, `=` and `@`, so they are joined again, and each candidate is cut to the part that bash
 * considers the word; an `@` before it belongs to it.
 */
const BASH = String.raw`# bash completion for atcom: put it into /usr/share/bash-completion/completions/atcom,
# or into ~/.bashrc: source <(atcom completion bash)
_atcom() {
  local rest=${'$'}{COMP_LINE:0:COMP_POINT} program=${'$'}{COMP_WORDS[0]} part word value about broken i
  local -a words=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    part=${'$'}{COMP_WORDS[i]}
    [[ $rest == [[:blank:]]* || $i == 0 ]] && words+=("")
    rest=${'$'}{rest#"${'$'}{rest%%[![:blank:]]*}"}
    ((i == COMP_CWORD)) && part=$rest
    words[-1]+=$part
    rest=${'$'}{rest#"$part"}
  done
  broken=${'$'}{words[-1]//[\"\'\\]/}
  word=${'$'}{COMP_WORDS[COMP_CWORD]//[\"\'\\]/}
  [[ $word == [:=@] ]] && word=
  broken=${'$'}{broken%"$word"}
  broken=${'$'}{broken%@}
  COMPREPLY=()
  # An alias, or ~/bin/atcom.
  type -P -- "$program" >/dev/null || program=atcom
  while IFS=$'\t' read -r value about; do
    case $value in
      :folders) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
      :files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
      :files*)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -d -- "$word"
          for value in ${'$'}{value#:files}; do compgen -f -X "!*.$value" -- "$word"; done)
        ;;
      *)
        value=${'$'}{value#"$broken"}
        # In an open quote everything stands for itself.
        [[ ${'$'}{COMP_WORDS[COMP_CWORD]} == [\"\']* || $value =~ ^[][A-Za-z0-9@%+=:,./_-]+$ ]] || printf -v value %q "$value"
        COMPREPLY+=("$value")
        ;;
    esac
  done < <("$program" completion bash -- "${'$'}{words[@]:1}" 2>/dev/null)
  [[ ${'$'}{#COMPREPLY[@]} == 1 && ${'$'}{COMPREPLY[0]} == *[:=,] ]] && compopt -o nospace
  return 0
}
complete -o nosort -F _atcom atcom
`;

const ZSH = String.raw`#compdef atcom
# zsh completion for atcom: put it as _atcom into a folder of $fpath
_atcom() {
  setopt localoptions extendedglob
  local value about program=${'$'}{words[1]}
  local -a values lines more
  # An alias, or ~/bin/atcom.
  whence -p -- "$program" >/dev/null || program=atcom
  while IFS=$'\t' read -r value about; do
    case $value in
      # What stands before the name of the file in the same word: --journal= or junit:
      :f*) compset -P '--[^=]##='; compset -P '[a-z]##:' ;|
      :folders) _files -/; return ;;
      :files) _files; return ;;
      :files*) _files -g "*.(${'$'}{(j:|:)${'$'}{=value#:files }})"; return ;;
      *[:=,]) more+=("$value") ;;
      *) values+=("$value"); lines+=("$value${'$'}{about:+  -- $about}") ;;
    esac
  done < <("$program" completion zsh -- "${'$'}{(@Q)words[2,CURRENT-1]}" "${'$'}{(Q)PREFIX}" 2>/dev/null)
  local -a how=(-M 'm:{a-zA-Z}={A-Za-z}')
  (( $#more )) && compadd $how -S '' -a more
  (( $#values )) && compadd $how -l -d lines -a values
}
if [[ $funcstack[1] == _atcom ]]; then _atcom "$@"; else compdef _atcom atcom; fi
`;

const FISH = String.raw`# fish completion for atcom: put it into ~/.config/fish/completions/atcom.fish
function __atcom_complete
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    set -l raw (commandline --current-token --cut-at-cursor)
    # Its quote may be open still.
    set -l typed (string unescape -- "$raw"; or string unescape -- "$raw\""; or string unescape -- "$raw'")
    # An alias, or ~/bin/atcom.
    set -l program $words[1]
    command --search --quiet -- "$program"; or set program atcom
    # What stands before the name of a file in the same word: --journal= or junit:
    set -l before (string match --regex '^(?:--[^=]+=)?(?:[a-z]+:)?' -- "$typed")
    set -l name (string replace -- "$before" '' "$typed")
    for line in ($program completion fish -- $words[2..-1] "$typed" 2>/dev/null)
        switch $line
            case ':folders'
                string replace --regex '^' -- "$before" (__fish_complete_directories "$name")
            case ':files'
                string replace --regex '^' -- "$before" (__fish_complete_path "$name")
            case ':files *'
                for ending in (string split ' ' -- $line)[2..-1]
                    string replace --regex '^' -- "$before" (__fish_complete_suffix "$name" ".$ending")
                end
            case '*'
                printf '%s\n' $line
        end
    end
end
complete --command atcom --no-files --keep-order --arguments '(__atcom_complete)'
`;

/** The completion script of each shell. */
export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
