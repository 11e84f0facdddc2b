# Runs a program for as long as standard input stays open: tether.sh SIGNAL PROGRAM ARGUMENT...
# When the parent closes the pipe, or is gone in any way, `kill -9` included, the program gets SIGNAL.
signal=$1
shift
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
{
  cat <&3 >/dev/null
  kill -s "$signal" "$program" 2>/dev/null
} &
watch=$!
exec 3<&-
wait "$program"
code=$?
kill "$watch" 2>/dev/null
exit "$code"
