#!/usr/bin/env bash
# Runs a program on two ranks in network namespaces of their own, which only a link of 1 Gbit/s joins: as root, run.sh PROGRAM ARGUMENTS...
# With DELAY=200us (and LOSS=0.1%) by netem, where the kernel has it; else it says so and goes on with the rate alone.
set -eu
bridge=xgrad0
names=(xgrad1 xgrad2)
clean() {
  for n in "${names[@]}"; do ip netns del "$n" 2> /dev/null || true; done
  ip link del $bridge 2> /dev/null || true
  rm -rf "$work"
}
work=$(mktemp -d)
trap clean EXIT
ip link add $bridge type bridge
ip addr add 10.77.0.254/24 dev $bridge
ip link set $bridge up
i=0
for n in "${names[@]}"; do
  i=$((i + 1))
  ip netns add "$n"
  ip link add "$n" type veth peer name eth0 netns "$n"
  ip link set "$n" master $bridge up
  ip netns exec "$n" ip addr add 10.77.0.$i/24 dev eth0
  ip netns exec "$n" ip link set eth0 up
  ip netns exec "$n" ip link set lo up
  if ! ip netns exec "$n" tc qdisc add dev eth0 root netem rate 1gbit delay "${DELAY:-200us}" loss "${LOSS:-0%}" 2> /dev/null; then
    [ $i -eq 2 ] || echo "this kernel has no netem: a rate of 1 Gbit/s without delay" >&2
    ip netns exec "$n" tc qdisc add dev eth0 root tbf rate 1gbit burst 64k latency 50ms
  fi
done
# In place of ssh: the launcher's daemon starts in the namespace, under the namespace's name, so that ranks don't take each other for neighbours.
cat > "$work/agent" << 'AGENT'
#!/bin/sh
host=$1
shift
exec ip netns exec "$host" unshare -u sh -c "hostname $host; $*"
AGENT
chmod +x "$work/agent"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
mpirun --mca plm_rsh_agent "$work/agent" --mca oob_tcp_if_include 10.77.0.0/24 --mca btl_tcp_if_include 10.77.0.0/24 --mca btl self,tcp \
  -x XGRAD_NUM_THREADS=1 --host xgrad1:1,xgrad2:1 -np 2 "$@"
