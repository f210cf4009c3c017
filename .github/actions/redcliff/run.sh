# The step of the action that runs Redcliff, and decides by its exit status whether the job goes on.
set -u

for input in UNDECIDED SLOWER; do
  name="INPUT_$input"
  case "${!name}" in
    warning | failure) ;;
    *)
      echo "::error title=Redcliff::the input $(echo "$input" | tr '[:upper:]' '[:lower:]') is \"${!name}\": give warning or failure"
      exit 64
      ;;
  esac
done

cd "$INPUT_FOLDER" || exit 64
mkdir -p "$REDCLIFF_CACHE"
status=0
# The arguments are words, as on a command line.
# shellcheck disable=SC2086
npx --no-install redcliff run $INPUT_ARGUMENTS ${INPUT_SEED:+--seed "$INPUT_SEED"} || status=$?
echo "status=$status" >> "$GITHUB_OUTPUT"

case "$status" in
  2)
    echo "::$([ "$INPUT_UNDECIDED" = failure ] && echo error || echo warning) title=Redcliff could not decide everything::each warning of this step names what, and why"
    [ "$INPUT_UNDECIDED" = failure ] || exit 0
    ;;
  3)
    echo "::$([ "$INPUT_SLOWER" = failure ] && echo error || echo warning) title=Worse than the baseline::everything held; see the comparison in the report"
    [ "$INPUT_SLOWER" = failure ] || exit 0
    ;;
esac
exit "$status"
