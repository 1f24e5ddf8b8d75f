#!/bin/sh
# The forced command of the bot's keys: takes the name of an operation that the table holds, and nothing
# else. No word of a request is ever run, nor part of a path. usage: guard read|act [DIGEST NONCE]
# Made by `runbook-bot host-kit @HOST@`; do not edit it here, make it again.
set -efu
LC_ALL=C
IFS=' '
root=@ROOT@
kit=@KIT@
key=${1-}
# A certificate for one order names it; a standing key names none.
order=${2-}${3+ $3}
said=${SSH_ORIGINAL_COMMAND-}

refuse() {
  printf 'runbook-bot: refused: %s\n' "$1" >&2
  exit 126
}

# text length: exactly that many hex digits.
is_hex() {
  case $1 in *[!0123456789abcdef]*) return 1 ;; esac
  [ "${#1}" -eq "$2" ]
}

# look|act digest: sets name. The table: all that this host may be asked and told to do.
held() {
  case $1.$2 in
@TABLE@
    *) return 1 ;;
  esac
}

# Asked for something that another kit may hold: said with our own kit, so that the bot can tell the mend.
drifted() {
  printf '@%s d %s\n' "$run" "$kit"
  exit 3
}

# word…: in place of this one, with nothing of the caller's environment.
become() {
  exec /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HOME="${HOME:-/nonexistent}" "$@"
}

# program word…: one of the kit's own.
run() {
  program=$1
  shift
  become /bin/sh "$root/$program" "$@"
}

# Which kit this is; `changed` when a file of it is not as it was made.
say_kit() {
  (cd "$root" && become sha256sum -c SHA256SUMS) >/dev/null 2>&1 </dev/null || kit=changed
  printf '@%s k %s\n' "$run" "$kit"
}

[ "${#said}" -le 160 ] || refuse 'longer than any operation'
case $said in
  '') refuse 'there is no shell here' ;;
  *[!abcdefghijklmnopqrstuvwxyz0123456789\ ]*) refuse 'a character that no operation has' ;;
esac
set -- $said
[ "$*" = "$said" ] || refuse 'blanks that no operation has'
[ "$#" -ge 3 ] && [ "$1" = v1 ] && is_hex "$3" 32 || refuse 'not an operation'
run=$3
case $key.$2.$# in
  read.look.5)
    is_hex "$4" 64 || refuse 'not a digest'
    case $5 in '' | *[!0123456789]* | ???????*) refuse 'not a time' ;; esac
    held look "$4" || drifted
    run look "$run" "$5" "$root/looks/$name"
    ;;
  act.act.5)
    is_hex "$4" 64 || refuse 'not a digest'
    is_hex "$5" 32 || refuse 'not a nonce'
    [ -z "$order" ] || [ "$order" = "$4 $5" ] || refuse 'another order than the certificate names'
    held act "$4" || drifted
    run order "$run" act "$5" "$root/remedies/$name"
    ;;
  read.settle.4 | act.settle.4)
    is_hex "$4" 32 || refuse 'not a nonce'
    [ -z "$order" ] || [ "${order#* }" = "$4" ] || refuse 'another order than the certificate names'
    run order "$run" settle "$4"
    ;;
  read.kit.3 | act.kit.3) say_kit ;;
  *) refuse 'not an operation of this key' ;;
esac
