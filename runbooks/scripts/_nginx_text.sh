# The text of nginx's files: of $config and of all it includes, below $root; needs _nginx_place.sh and $newline.

whole() { # CONFIG -> its text; as nginx itself prints it where only root may read it
  if [ -r "$1" ]; then show "$1" 0; else sudo -n nginx -T 2>/dev/null; fi
}

show() { # FILE DEPTH [PATTERNS that led here]; one that leads to itself, as nginx refuses, is followed once
  [ -f "$1" ] && [ -r "$1" ] && [ "$2" -lt 8 ] || return 0
  cat "$1"
  printf '\n'
  included "$1" | while IFS= read -r pattern; do
    case $pattern in /*) ;; *) pattern=$root/$pattern ;; esac
    case $newline${3-} in *"$newline$pattern$newline"*) continue ;; esac
    IFS=$newline
    for file in $pattern; do
      ( unset IFS; show "$file" "$(($2 + 1))" "${3-}$pattern$newline" )
    done
  done
}
