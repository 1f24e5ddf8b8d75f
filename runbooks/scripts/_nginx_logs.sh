# Where nginx's file $config and what it includes have it log; needs _nginx_text.sh.

named() { # DIRECTIVE [FILTER of the text] -> where its lines go: files, below the prefix where no `/` leads them, `journal` for syslog and stderr
  show "$config" 0 | sed 's/#.*//' | ${2-cat} | tr '{};' '\n\n\n' |
    sed -n "s/^[[:space:]]*$1[[:space:]][[:space:]]*[\"']\{0,1\}\([^\"'[:space:]]*\).*/\1/p" |
    while IFS= read -r to; do
      case $to in
        /*) printf '%s\n' "$to" ;;
        stderr | syslog:*unix:*) printf 'journal\n' ;;
        off | memory:* | syslog:* | *\$* | '') ;;
        *) printf '%s/%s\n' "${config%/*/*}" "$to" ;;
      esac
    done | awk '!seen[$0]++' | head -n 20
}
