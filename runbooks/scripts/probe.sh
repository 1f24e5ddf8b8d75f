# Asks nginx itself, or each upstream its files name, or looks at their unix sockets. Changes nothing.
# usage: probe.sh front URL SITE HEALTH CONFIG | probe.sh upstreams CONFIG SITE HEALTH | probe.sh sockets CONFIG SITE
# Where nobody takes the connection at URL, front asks where CONFIG has the site listen; a redirect of the site
# to https is followed to this host's own port.
#        probe.sh behind SITE HEALTH: each server that another proxy which runs here (HAProxy, Apache) passes requests to
#
# Prints tab separated lines:
#   binds UNIT PORT STATE                                                 (another proxy that is set up here)
#   probe PROTOCOL ADDRESS PATH RESULT STATUS CONNECT_MS TOTAL_MS HEADER_BYTES DETAIL
#   path KIND MODE USER GROUP UID GID NAME | missing NAME | unseen NAME   (socket and each parent directory)
#   acl ENTRY,… NAME                                                      (of a path that has one, as getfacl has it)
#   worker UID GIDS                                                       (who nginx's workers are)
set -u
LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export LC_ALL PATH
tab='	'
newline='
'

targets() { # SITE [front]; config on standard input -> lines "PROTOCOL<tab>ADDRESS", each once, at most 16, the
  # site's first; with front those that the site listens on
  awk -v site="$1" -v front="${2-}" '
    BEGIN { site = tolower(site) }
    function word() { if (t != "" || quoted) a[n++] = t; t = ""; quoted = 0 }
    function member(name, address) { members[name] = members[name] address "\n" }
    function covers(name,   end) { # *.example.com and .example.com, which names the domain itself too
      end = name; sub(/^\*/, "", end)
      return end ~ /^\../ && (substr("." site, length(site) + 2 - length(end)) == end) && (length(site) >= length(end) || name == end)
    }
    function directive() {
      if (a[0] == "server" && group != "" && n > 1) member(group, a[1])
      else if (a[0] ~ /^(proxy|fastcgi|uwsgi|scgi|grpc)_pass$/ && n > 1) { passes[++count] = a[0] " " a[1]; of[count] = block }
      else if (a[0] == "server_name") for (k = 1; k < n; k++) { if (tolower(a[k]) == site) ours[block] = named = 1; else if (covers(tolower(a[k]))) near[block] = 1 }
      else if (a[0] == "listen") { if (!first) first = block; listens[block] = listens[block] a[1]; for (k = 1; k < n; k++) { if (a[k] == "default_server") standard[block] = usual = 1; if (a[k] == "ssl") listens[block] = listens[block] " ssl" } listens[block] = listens[block] "\n" }
    }
    function ended(c) {
      if (c == "{") { depth++; if (a[0] == "upstream") { group = a[1]; at = depth }
        else if (a[0] == "server") { block = ++blocks; top = depth } }
      else if (c == "}") { if (block && depth == top) block = 0; if (depth == at) { group = ""; at = -1 } depth-- }
      else directive()
      n = 0; a[0] = ""
    }
    function out(protocol, address) {
      if (address !~ /^unix:/ && address !~ /:[0-9]+$/) address = address (protocol ~ /s$/ ? ":443" : ":80")
      if (address ~ /[^][A-Za-z0-9._:\/@+-]/) return
      if (!((protocol, address) in seen) && ++shown <= 16) { seen[protocol, address] = 1; print protocol "\t" address }
    }
    function dial(pass, value,   protocol, i, m, list) {
      protocol = pass; sub(/_pass$/, "", protocol); if (protocol == "proxy") protocol = "tcp"
      if (value ~ /^[a-z]+:\/\//) { protocol = value; sub(/:\/\/.*/, "", protocol); sub(/^[a-z]+:\/\//, "", value) }
      if (value ~ /^unix:/) { m = substr(value, 6); sub(/:.*/, "", m); out(protocol, "unix:" m); return }
      sub(/\/.*/, "", value)
      if (value ~ /\$/) return
      if (!(value in members)) { out(protocol, value); return }
      m = split(members[value], list, "\n")
      for (i = 1; i < m; i++) out(protocol, list[i])
    }
    {
      for (i = 1; i <= length($0); i++) {
        c = substr($0, i, 1)
        if (q != "") { if (c == "\\") t = t substr($0, ++i, 1); else if (c == q) q = ""; else t = t c; continue }
        if (c == "#" && t == "") break
        if ((c == "\"" || c == "\047") && t == "") { q = c; quoted = 1; continue }
        if (c == "{" && t ~ /\$$/) { t = t c; inside = 1; continue }
        if (c == "}" && inside) { t = t c; inside = 0; continue }
        if (c == " " || c == "\t" || c == "\r") { word(); continue }
        if (c == ";" || c == "{" || c == "}") { word(); ended(c); continue }
        t = t c
      }
      word()
    }
    function tell(is_ours,   i, p) {
      for (i = 1; i <= count; i++) if ((of[i] in ours) == is_ours) { split(passes[i], p, " "); dial(p[1], p[2]) }
    }
    function heard(block,   i, m, list, p, at) {
      m = split(listens[block], list, "\n")
      for (i = 1; i < m; i++) {
        split(list[i], p, " "); at = p[1]
        if (at ~ /^[0-9]+$/) at = "127.0.0.1:" at
        sub(/^(\*|0\.0\.0\.0)/, "127.0.0.1", at); sub(/^\[::\]/, "[::1]", at)
        out(p[2] == "ssl" ? "https" : "http", at)
      }
    }
    END {
      if (!named) for (block in near) ours[block] = named = 1
      if (!named && !usual) ours[first] = 1
      if (!named) for (block in standard) ours[block] = 1
      if (front) for (block = blocks; block; block--) { if (block in ours) heard(block) }
      else { tell(1); tell(0) }
    }'
}

ask_with_python() { # SITE HEALTH [front]; targets on standard input, with front those after the first in its place
  "$python" -I -c '
import errno, os, socket, ssl, sys, threading, time
site, paths = sys.argv[1], list(dict.fromkeys([sys.argv[2], "/"]))
WORDS = {errno.ECONNREFUSED: "refused", errno.ENOENT: "missing", errno.EACCES: "denied", errno.EPERM: "denied",
         errno.EAGAIN: "backlog_full", errno.EHOSTUNREACH: "unreachable", errno.ENETUNREACH: "unreachable",
         errno.ECONNRESET: "reset", errno.EPIPE: "reset", errno.EADDRNOTAVAIL: "unreachable",
         errno.EINVAL: "unreachable"} # a route of type blackhole
lock = threading.Lock()
looking_up = set()
def say(*fields):
    with lock:
        line = "\t".join(" ".join(str(f).split()) for f in fields)
        sys.stdout.write(line.encode("ascii", "replace").decode() + "\n"); sys.stdout.flush()
def dial(address):
    if address.startswith("unix:"):
        s = socket.socket(socket.AF_UNIX); s.settimeout(2); s.connect(address[5:]); return s
    host, _, port = address.rpartition(":")
    last = None
    me = threading.get_ident(); looking_up.add(me)
    found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
    looking_up.discard(me)
    for family, kind, proto, _, where in found:
        s = socket.socket(family, kind, proto); s.settimeout(2)
        try:
            s.connect(where); return s
        except OSError as e:
            last = e; s.close()
    raise last or OSError("no address")
front = sys.argv[3] == "front"
def get(path):
    return ("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nAccept: */*\r\nUser-Agent: runbook-bot\r\n\r\n" % (path, site)).encode()
def packet(path):
    pairs = [("REQUEST_METHOD", "GET"), ("REQUEST_URI", path), ("PATH_INFO", path), ("QUERY_STRING", ""), ("SCRIPT_NAME", ""),
             ("SERVER_PROTOCOL", "HTTP/1.1"), ("SERVER_NAME", site), ("SERVER_PORT", "80"), ("REMOTE_ADDR", "127.0.0.1"),
             ("HTTP_HOST", site), ("HTTP_USER_AGENT", "runbook-bot")]
    sized = lambda text: len(text).to_bytes(2, "little") + text.encode()
    body = b"".join(sized(name) + sized(value) for name, value in pairs)
    return b"\0" + len(body).to_bytes(2, "little") + b"\0" + body
def other(protocol, address, path):
    if protocol not in ("http", "uwsgi"): return ""
    try:
        s = dial(address); s.settimeout(1)
        s.sendall(get(path) if protocol == "uwsgi" else packet(path))
        if s.recv(64).startswith(b"HTTP/"): return "answers when asked by %s" % ("http" if protocol == "uwsgi" else "uwsgi")
    except OSError: pass
    return ""
def moved(address, path, head):
    "Host and port of the same page by https, where a redirect names the site; this very host is asked."
    to = dict((n.strip().lower(), v.strip()) for n, _, v in (l.partition(":") for l in head.decode("latin-1").split("\r\n")[1:])).get("location", "")
    if not to.startswith("https://") or address.startswith("unix:"): return None
    where, slash, rest = to[8:].partition("/"); name, _, port = where.partition(":")
    if (name != site and site != "localhost") or slash + rest != path: return None
    return name, "%s:%s" % (address.rpartition(":")[0], port if port.isdigit() else "443")
def speaks_tls(address):
    try:
        c = ssl.create_default_context(); c.check_hostname = False; c.verify_mode = ssl.CERT_NONE
        s = dial(address); s.settimeout(1); c.wrap_socket(s, server_hostname=site).close()
    except ssl.SSLError as e:
        return "alert" in str(e).lower()
    except OSError: return False
    return True
def ask(protocol, address, path, site=site, after=False):
    began = time.monotonic(); joined = None; got = b""
    def done(result, status="-", detail=""):
        if after and joined is None: return
        if joined is not None: reached.append(address)
        ms = lambda t: "-" if t is None else int((t - began) * 1000)
        head = got.find(b"\r\n\r\n")
        say("probe", protocol, address, path, result, status, ms(joined), ms(time.monotonic()), head if head >= 0 else len(got), detail)
    try:
        s = dial(address)
    except socket.gaierror as e:
        return done("not_resolved", detail=e)
    except (socket.timeout, TimeoutError):
        return done("connect_timeout")
    except OSError as e:
        return done(WORDS.get(e.errno, "failed"), detail=e)
    joined = time.monotonic()
    if protocol not in ("http", "https", "uwsgi"):
        return done("connected")
    try:
        if protocol == "https":
            c = ssl.create_default_context(); c.check_hostname = False; c.verify_mode = ssl.CERT_NONE
            s = c.wrap_socket(s, server_hostname=site)
        s.sendall(packet(path) if protocol == "uwsgi" else get(path))
        while b"\r\n\r\n" not in got and len(got) < 262144:
            s.settimeout(max(0.01, began + 4.3 - time.monotonic()))
            part = s.recv(65536)
            if not part: break
            got += part
    except ssl.SSLError as e:
        return done("tls_failed", detail=e)
    except (socket.timeout, TimeoutError):
        return done("read_timeout", detail="%d bytes came" % len(got))
    except OSError as e:
        if got or protocol != "http" or not speaks_tls(address):
            return done(WORDS.get(e.errno, "failed"), detail=(not got and other(protocol, address, path)) or e)
    if protocol == "http" and (not got or got[9:12] == b"400") and speaks_tls(address):
        return done("not_http", detail="speaks TLS" + (", answers 400 to plain HTTP" if got else ", closes on plain HTTP"))
    if not got: return done("closed", detail=other(protocol, address, path) or "closed without an answer")
    if not got.startswith(b"HTTP/"): return done("not_http", detail=ascii(got[:60]))
    head, _, _ = got.partition(b"\r\n\r\n")
    status = head.split(None, 2)[1].decode("ascii", "replace")
    names = [l.split(b":", 1)[0] for l in head.split(b"\r\n")[1:]]
    bad = [n for n in names if any(c <= 32 or c >= 127 for c in n) or not n]
    done("answered", status, "header name %s" % ascii(bad[0][:40]) if bad else "")
    to = moved(address, path, head) if front and protocol == "http" and status in ("301", "302", "307", "308") else None
    if to: ask("https", to[1], path, to[0], after=True)
def ask_all(lines):
    jobs = []
    for line in lines:
        protocol, _, address = line.rstrip("\n").partition("\t")
        for path in paths if protocol in ("http", "https", "uwsgi") else ["-"]:
            j = threading.Thread(target=ask, args=(protocol, address, path), daemon=True); j.start(); jobs.append((j, protocol, address, path))
    end = time.monotonic() + (9.2 if front else 4.6)
    for j, *what in jobs:
        j.join(max(0, end - time.monotonic()))
        if j.is_alive():
            late = "not_resolved" if j.ident in looking_up else "read_timeout"
            say("probe", *what, late, "-", "-", 4600, 0, "no end in time")
reached = []; lines = list(sys.stdin)
if front:
    held = []; spoken = say; say = lambda *fields: held.append(fields)
    ask_all(lines[:1]); others = [l for l in lines[1:] if l != lines[0]]
    first, held = held, []
    if not reached: ask_all(others)
    for fields in held if reached and held else first: spoken(*fields)
else: ask_all(lines)
sys.stdout.flush(); os._exit(0)
' "$1" "$2" "${3-}"
}

ask_with_curl() { # SITE HEALTH [front]; targets on standard input, with front only the first is asked
  site=$1
  health=$2
  front=$3
  while IFS=$tab read -r protocol address; do
    case $protocol in
      http | https) curl_one "$health" & [ "$health" = / ] || curl_one / & ;;
    esac
    [ -z "$front" ] || break
  done
  wait
}

curl_one() { # PATH; with front also where https is told to be
  ( curl_once "$1" )
  { [ "$front" ] && [ "$protocol" = http ]; } || return 0
  to=$(curl -g -s --noproxy '*' --connect-timeout 2 -m 4 -A runbook-bot -H "Host: $site" -o /dev/null -w '%{redirect_url}' "http://$address$1")
  case $to in https://"$site$1" | https://"$site":[0-9]*"$1") ;; *) return 0 ;; esac
  port=${to#https://"$site"}
  port=${port%"$1"}
  protocol=https
  address=${address%:*}:${port#:}
  case $address in *:) address=${address}443 ;; esac
  line=$(curl_once "$1")
  case $line in *"${tab}refused$tab"*) ;; *) printf '%s\n' "$line" ;; esac
}

curl_once() { # PATH
  url=$protocol://$address
  set -- "$1" -g -sS -k --noproxy '*' --connect-timeout 2 -m 4 -A runbook-bot -H "Host: $site" -o /dev/null
  case $address in unix:*) url=$protocol://localhost; set -- "$@" --unix-socket "${address#unix:}" ;; esac
  path=$1
  shift
  answer=$(curl "$@" -w "$tab"'%{http_code} %{time_connect} %{time_total} %{size_header}' "$url$path" 2>&1)
  code=$?
  printf '%s' "$answer" | tr '\n' ' ' | awk -F "$tab" -v code="$code" -v protocol="$protocol" -v address="$address" -v path="$path" '{
    n = split($NF, w, " "); result = "failed"
    if (code == 0) result = "answered"
    else if (code == 6) result = "not_resolved"
    else if (code == 7) result = ($1 ~ /ermission/) ? "denied" : ($1 ~ /route|unreachable/) ? "unreachable" : "refused"
    else if (code == 28) result = (w[2] + 0 == 0) ? "connect_timeout" : "read_timeout"
    else if (code == 52) result = "closed"
    else if (code == 55 || code == 56) result = "reset"
    else if (code == 35 || code == 60) result = "tls_failed"
    else if (code == 1 || code == 8) result = "not_http"
    printf "probe\t%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\n", protocol, address, path, result,
      (w[1] + 0 > 0) ? w[1] : "-", w[2] * 1000, w[3] * 1000, w[4], $1 }'
}

ask() { # SITE HEALTH; targets on standard input
  # Red Hat's own tools have a python3 where nobody else has one.
  python=$(command -v python3 || command -v /usr/libexec/platform-python)
  if [ -n "$python" ]; then ask_with_python "$1" "$2" "${3-}"
  elif command -v curl >/dev/null 2>&1; then ask_with_curl "$1" "$2" "${3-}"
  else printf 'neither python3 nor curl is on this host\n' >&2; exit 127
  fi
}

runs() { # NAME -> whether a process of that name runs
  for comm in /proc/[0-9]*/comm; do
    read -r name 2>/dev/null <"$comm" && [ "$name" = "$1" ] && return 0
  done
  return 1
}

of_haproxy() { # haproxy's files on standard input -> lines "PROTOCOL<tab>ADDRESS", of what it speaks HTTP to
  # A section begins with what its `defaults` say: the named one, else the last before it; where none does, the mode is tcp.
  sed 's/[[:space:]]#.*//; s/^#.*//' | awk '
    function begin(word, from) { # what is said of it later is its own
      inside = word; mode = modes[from]; off = offs[from]; tls = encrypts[from]; rests = rest[from]
    }
    function keep(name) { modes[name] = mode; offs[name] = off; encrypts[name] = tls; rest[name] = rests }
    function has(word,   i) { for (i = 4; i <= NF; i++) if ($i == word) return 1; return 0 }
    function base(   i) { for (i = 2; i < NF; i++) if ($i == "from") return "=" $(i + 1); return "" }
    { gsub(/["\047]/, "") }
    $1 == "defaults" {
      from = base(); begin($1, from == "" ? "none" : from)
      last = ++count; name = ($2 != "" && $2 != "from") ? "=" $2 : ""
    }
    $1 ~ /^(backend|listen|frontend)$/ { from = base(); begin($1, from == "" ? last : from) }
    $1 ~ /^(global|peers|resolvers|userlist|mailers|cache|ring|program|http-errors|fcgi-app|log-forward|crt-store|traces|acme)$/ { inside = "" }
    inside == "" { next }
    $1 == "mode" { mode = $2 }
    $1 == "disabled" || $1 == "enabled" { off = ($1 == "disabled") }
    $1 == "default-server" { $0 = "default-server - - " $0; tls = (tls || has("ssl")) && !has("no-ssl"); rests = (rests || has("disabled")) && !has("enabled") }
    inside == "defaults" { keep(last); if (name != "") keep(name) }
    $1 == "server" && inside ~ /^(backend|listen)$/ && mode == "http" && !off {
      if (has("disabled") || (rests && !has("enabled"))) next
      address = $3; sub(/^(ipv4|ipv6|tcp|tcp4|tcp6)@/, "", address); sub(/^unix@/, "unix:", address); sub(/^\//, "unix:/", address)
      if (address ~ /[^][A-Za-z0-9._:\/@+-]/ || address !~ /^(unix:\/|[^@]+:[0-9]+$)/) next
      print (has("ssl") || (tls && !has("no-ssl")) ? "https" : "http") "\t" address
    }'
}

of_apache() { # Apache's files on standard input -> lines "PROTOCOL<tab>ADDRESS"
  sed 's/^[[:space:]]*//; /^#/d' | grep -iE '^(ProxyPass|ProxyPassMatch|BalancerMember|<Proxy|SetHandler)[[:space:]]' |
    grep -oiE 'unix:/[^|"[:space:]]+|(https?|fcgi|uwsgi|scgi|ajp)://[A-Za-z0-9._-]+:?[0-9]*|(https?)://\[[0-9A-Fa-f:]+\]:?[0-9]*' |
    awk '{
      if ($0 ~ /^unix:/) { print "fastcgi\t" $0; skip = 1; next }
      if (skip) { skip = 0; next }
      protocol = tolower($0); sub(/:\/\/.*/, "", protocol); address = $0; sub(/^[A-Za-z]+:\/\//, "", address)
      if (address !~ /:[0-9]+$/) { sub(/:$/, "", address); address = address (protocol == "https" ? ":443" : protocol == "http" ? ":80" : ":9000") }
      print (protocol == "fcgi" ? "fastcgi" : protocol) "\t" address
    }'
}

named() { # NAME SITE HEALTH; targets on standard input -> their probes, whose detail begins with who passes requests there
  awk '!seen[$0]++' | head -n 8 | ask "$2" "$3" | awk -F "$tab" -v OFS="$tab" -v name="$1" '
    $1 == "probe" { $10 = "behind " name ($10 == "" ? "" : ": " $10); print }'
}

binds() { # UNIT; `ADDRESS:PORT` or `PORT` one a line on standard input -> who is to listen where, and whether it runs
  state=$(systemctl show -p ActiveState "$1" 2>/dev/null | cut -d= -f2)
  [ -n "$state" ] || return 0
  sed 's/.*://; s/[^0-9].*//' | grep . | sort -u | head -n 16 | while IFS= read -r port; do
    printf 'binds\t%s\t%s\t%s\n' "$1" "$port" "$state"
  done
}

behind() { # SITE HEALTH
  awk '$1 == "bind" { n = split($2, w, ","); for (i = 1; i <= n; i++) print w[i] }' /etc/haproxy/haproxy.cfg 2>/dev/null | binds haproxy.service
  awk 'tolower($1) == "listen" { print $2 }' /etc/apache2/ports.conf 2>/dev/null | binds apache2.service
  awk 'tolower($1) == "listen" { print $2 }' /etc/httpd/conf/httpd.conf 2>/dev/null | binds httpd.service
  runs haproxy && cat /etc/haproxy/haproxy.cfg /etc/haproxy/conf.d/*.cfg 2>/dev/null | of_haproxy | named haproxy "$1" "$2"
  if runs apache2 || runs httpd; then
    cat /etc/apache2/sites-enabled/* /etc/apache2/conf-enabled/* /etc/httpd/conf/httpd.conf /etc/httpd/conf.d/*.conf 2>/dev/null |
      of_apache | named apache "$1" "$2"
  fi
  return 0
}

acl_of() { # PATH, whose mode does not say all: its group's bits are the mask of what others are given by name
  entries=$(getfacl -Lncp -- "$1" 2>/dev/null | sed 's/[[:space:]].*//' | grep . | tr '\n' ',')
  if [ -n "$entries" ]; then printf 'acl\t%s\t%s\n' "${entries%,}" "$1"; else printf 'unseen\t%s\n' "$1"; fi
}

look_at() { # PATH: the socket and each directory above it
  here=$1
  while :; do
    if [ -e "$here" ] || [ -L "$here" ]; then
      stat -L -c "path$tab%F$tab%a$tab%U$tab%G$tab%u$tab%g$tab%n" -- "$here" 2>/dev/null || printf 'unseen\t%s\n' "$here"
      case $(ls -Ldn -- "$here" 2>/dev/null) in ??????????+*) acl_of "$here" ;; esac
    elif [ -x "${here%/*}/" ]; then printf 'missing\t%s\n' "$here"
    else printf 'unseen\t%s\n' "$here"
    fi
    case $here in ?*/*) here=${here%/*} ;; *) break ;; esac
  done
}

workers() { # uid and groups of nginx's processes, lines once each
  for comm in /proc/[0-9]*/comm; do
    read -r name 2>/dev/null <"$comm" || continue
    [ "$name" = nginx ] || continue
    awk '/^Uid:/ { u = $3 } /^Gid:/ { g = $3 } /^Groups:/ { $1 = ""; print "worker\t" u "\t" g $0 }' "${comm%/comm}/status" 2>/dev/null
  done | sort -u
}

case $1 in
  front)
    url=${2%/}
    main=$(here "${5-}")
    root=${main%/*}
    {
      printf '%s\t%s\n' "${url%%://*}" "$(printf '%s' "${url#*://}" | sed 's#/.*##; /:[0-9]*$/!s#$#:'"$([ "${url%%://*}" = https ] && echo 443 || echo 80)"'#')"
      whole "$main" | targets "$3" front
    } | ask "$3" "$4" front
    ;;
  upstreams)
    main=$(here "$2")
    root=${main%/*}
    text=$(whole "$main") && [ -n "$text" ] || { unread "$main"; exit 1; }
    printf '%s\n' "$text" | targets "$3" | ask "$3" "$4"
    ;;
  behind) behind "$2" "$3" ;;
  sockets)
    main=$(here "$2")
    root=${main%/*}
    text=$(whole "$main") && [ -n "$text" ] || { unread "$main"; exit 1; }
    workers
    printf '%s\n' "$text" | targets "${3-}" | sed -n "s/^[a-z]*${tab}unix://p" | sort -u | while IFS= read -r socket; do look_at "$socket"; done
    ;;
esac
