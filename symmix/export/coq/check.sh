#!/bin/sh
# Compile the prelude and all theorems, and see that every near miss is refused: sh check.sh [files at once, default 2]
#
# A theorem passes if coqc accepts its file and it rests on no axiom but those of Coq's real numbers. A near miss passes
# if the tactic says that the two sides differ: that it does not compile for any other reason counts as a failure.
set -u
cd "$(dirname "$0")" || exit 1
command -v coqc >/dev/null || { echo "coqc is missing; on Debian: apt-get install --no-install-recommends coq" >&2; exit 2; }

if [ "${1-}" = --one ]; then # one file, for the parallel run below
    file=$2
    log=$(coqc -q -Q . Symmix "$file" 2>&1)
    code=$?
    # what Print Assumptions prints stands at the beginning of a line: an answer for all theorems, the axioms by name
    answered=$(printf '%s\n' "$log" | grep -x -e "Axioms:" -e "Closed under the global context")
    theorems=$(sed -n 's/^Theorem \([A-Za-z_0-9]*\) .*/\1/p' "$file" | paste -s -d, - | sed 's/,/, /g')
    axioms=$(printf '%s\n' "$log" | sed -n 's/^\([^ :]\{1,\}\)\( *:.*\)\{0,1\}$/\1/p' | sort -u | grep -v -x -e Axioms \
        -e ClassicalDedekindReals.sig_forall_dec -e ClassicalDedekindReals.sig_not_dec \
        -e FunctionalExtensionality.functional_extensionality_dep)
    case $file in
        *__near_miss_*)
            [ $code -ne 0 ] && printf '%s' "$log" | grep -q "the two sides differ" && { echo "refused $file"; exit; } ;;
        *)
            [ $code -eq 0 ] && [ -z "$axioms" ] && [ -n "$answered" ] &&
                tr -s ' \n' ' ' <"$file" | grep -q "Definition proved := ($theorems)\. Print Assumptions proved\." && { echo "proved  $file"; exit; } ;;
    esac
    printf 'FAILED  %s (exit code %s) %s\n%s\n' "$file" "$code" "$axioms" "$log"
    exit
fi

prelude="Spaces Bilinear Equivalence Instances"
for file in $prelude; do
    coqc -q -Q . Symmix "$file.v" || { echo "FAILED  $file.v" >&2; exit 1; }
done
report=$(ls ./*.v | sed 's|^\./||' | grep -v -x $(printf -- "-e %s.v " $prelude) |
    xargs -P "${1-2}" -I{} sh "./${0##*/}" --one {})
printf '%s\n' "$report"
count() { printf '%s\n' "$report" | grep -c "^$1 "; }
echo "$(count proved) files proved, $(count refused) near misses refused, $(count FAILED) failed"
[ "$(count FAILED)" -eq 0 ] && [ "$(count proved)" -gt 0 ]
