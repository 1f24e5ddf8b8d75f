# Prints the kernel's listen queue counters, twice, a second apart, so that growth shows.
#   overflow LISTEN_OVERFLOWS LISTEN_DROPS
set -u
LC_ALL=C
export LC_ALL
count() {
  awk '$1 == "TcpExt:" { if (!n) { n = split($0, names) } else { split($0, values)
    for (i = 2; i <= n; i++) v[names[i]] = values[i]
    print "overflow\t" v["ListenOverflows"] "\t" v["ListenDrops"]; exit } }' /proc/net/netstat
}
count
sleep 1
count
