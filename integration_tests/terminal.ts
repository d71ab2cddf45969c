/**
 * For RunOptions' `through`: a terminal, through `script`, which makes one.
 * @param columns its width
 */
export function terminal(columns: number): readonly string[] {
  const inside = `stty cols ${columns} rows 24; eval "exec $PROGRAM"`;
  const script = `printf -v PROGRAM '%q ' "$@"; export PROGRAM; exec script -qefc '${inside}' /dev/null`;
  return ["bash", "-c", script, "bash"];
}
