# Prints memory, load and pressure, each after a line `# NAME`.
set -u
LC_ALL=C
export LC_ALL
echo '# meminfo'
grep -E '^(MemTotal|MemFree|MemAvailable|SwapTotal|SwapFree|Committed_AS|CommitLimit):' /proc/meminfo
echo '# loadavg'
cat /proc/loadavg
echo '# cpus'
grep -c '^processor' /proc/cpuinfo
for kind in cpu memory io; do
  [ -r "/proc/pressure/$kind" ] || continue
  echo "# pressure $kind"
  cat "/proc/pressure/$kind" 2>/dev/null
done
exit 0
