#!/bin/sh
# Compile the prelude and all theorems, and see that every near miss is refused: sh check.sh [files at once, default 2]
#
# A theorem passes if coqc accepts its file and it rests on nothing but the two axioms of Coq's real numbers: no other
# axiom, nothing that "is assumed" (to terminate, to be positive), no universe that is left unchecked. Then coqchk, where
# there is one, checks what was compiled once more, whatever the files say of themselves. A near miss passes if the
# tactic says that the two sides differ: that it does not compile for any other reason counts as a failure.
set -u
cd "$(dirname "$0")" || exit 1
command -v coqc >/dev/null || { echo "coqc is missing; on Debian: apt-get install --no-install-recommends coq" >&2; exit 2; }
prelude="Spaces Bilinear Equivalence Instances"
real='ClassicalDedekindReals\.sig_forall_dec|FunctionalExtensionality\.functional_extensionality_dep'

if [ "${1-}" = --one ]; then # one file, for the parallel run below
    file=$2
    log=$(coqc -q -w none -Q . Symmix "$file" 2>&1)
    code=$?
    # what Print Assumptions names stands at the beginning of a line, and nothing else may, but what nsatz says as it tries
    answered=$(printf '%s\n' "$log" | grep -x -e "Axioms:" -e "Closed under the global context")
    more=$(printf '%s\n' "$log" | grep -v -E "^( |\$|polynomial not in the ideal\$|Axioms:\$|Closed under the global context\$|($real)( :.*)?\$)")
    more=$more$(printf '%s\n' "$log" | grep -i -e assumed -e unsafe -e inconsistent)
    theorems=$(sed -n 's/^Theorem \([A-Za-z_0-9]*\) .*/\1/p' "$file" | paste -s -d, - | sed 's/,/, /g')
    case $file in
        *__near_miss_*)
            [ $code -ne 0 ] && printf '%s' "$log" | grep -q "the two sides differ" && { echo "refused $file"; exit; } ;;
        *)
            [ $code -eq 0 ] && [ -z "$more" ] && [ -n "$answered" ] &&
                tr -s ' \n' ' ' <"$file" | grep -q "Definition proved := ($theorems)\. Print Assumptions proved\." && { echo "proved  $file"; exit; } ;;
    esac
    printf 'FAILED  %s (exit code %s)\n%s\n' "$file" "$code" "$log"
    exit
fi

if [ "${1-}" = --again ]; then # what was compiled of these files, and of the prelude, on what is Coq's own
    shift
    command -v coqchk >/dev/null || { echo "coqchk is missing: nothing was checked again"; exit; }
    log=$(coqchk -silent -o -Q . Symmix $(for name in $prelude "$@"; do echo "-norec Symmix.${name%.v}"; done) 2>&1)
    code=$?
    more=$(printf '%s\n' "$log" | grep -E '^( {4}|\* (Constants|Inductives))' | grep -v -E '^    (Coq|Corelib|Stdlib)\.|<none>$')
    [ $code -eq 0 ] && [ -z "$more" ] && printf '%s\n' "$log" | grep -q '^\* Axioms:' && { echo "coqchk agrees"; exit; }
    printf 'FAILED  coqchk (exit code %s)\n%s\n' "$code" "$log"
    exit
fi

for name in $prelude; do
    coqc -q -Q . Symmix "$name.v" || { echo "FAILED  $name.v" >&2; exit 1; }
done
report=$(ls ./*.v | sed 's|^\./||' | grep -v -x $(printf -- "-e %s.v " $prelude) |
    xargs -P "${1-2}" -I{} sh "./${0##*/}" --one {})
printf '%s\n' "$report"
again=$(sh "./${0##*/}" --again $(printf '%s\n' "$report" | sed -n 's/^proved  //p'))
printf '%s\n' "$again"
count() { printf '%s\n' "$report" "$again" | grep -c "^$1 "; }
echo "$(count proved) files proved, $(count refused) near misses refused, $(count FAILED) failed"
[ "$(count FAILED)" -eq 0 ] && [ "$(count proved)" -gt 0 ]
