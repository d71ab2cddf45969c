# Runs a command and writes to file descriptor 3, as a line of JSON, what it cost: wall clock, user and system CPU time
# (ms) and the most resident memory (kB), as the kernel counted them. In Perl, which every Debian has: Node.js can't ask
# the kernel about its children, and a child of a small process does not inherit the memory peak of a large one.
#
#   perl usage.pl COMMAND ARGUMENT…     exits as the command does
use strict;
use warnings;
use Config;
use Fcntl qw(F_SETFD FD_CLOEXEC);
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

my ($machine) = split /-/, $Config{archname};
my $getrusage = { x86_64 => 98, aarch64 => 165 }->{$machine} // die "no number of getrusage for $machine\n";
my $CHILDREN = -1;

open(my $out, ">&=", 3) or die "no file descriptor 3: $!\n";
fcntl($out, F_SETFD, FD_CLOEXEC);

my $begun = clock_gettime(CLOCK_MONOTONIC);
my $child = fork() // die "no process: $!\n";
if ($child == 0) {
  exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!\n";
}
$SIG{TERM} = sub { kill "KILL", $child };
waitpid($child, 0);
my $status = $?;
my $wall = (clock_gettime(CLOCK_MONOTONIC) - $begun) * 1000;

# struct rusage: two pairs of seconds and microseconds, then ru_maxrss, all 64 bits wide.
my $usage = "\0" x 144;
syscall($getrusage, $CHILDREN, $usage) == 0 or die "getrusage: $!\n";
my ($user_s, $user_us, $system_s, $system_us, $peak) = unpack("q5", $usage);
printf {$out} qq({"wallMs":%.3f,"userMs":%.3f,"systemMs":%.3f,"peakKb":%d}\n),
  $wall, $user_s * 1000 + $user_us / 1000, $system_s * 1000 + $system_us / 1000, $peak;
exit($status & 127 ? 128 + ($status & 127) : $status >> 8);
