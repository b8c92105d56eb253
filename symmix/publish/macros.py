r"""The macro file of a LaTeX export: all of it ``\providecommand``, so that a paper can override every symbol."""

from __future__ import annotations

from symmix.printing.prose import Prose
from symmix.printing.symbols import PAPER, expansions
from symmix.publish.markup import LatexMarkup

_MACROS = r"""% Macros of symmix's fragments, each a \providecommand: define one before this file, and yours is used.
% The fragments need amsmath and amssymb. They use amsthm, bm, graphicx, xcolor, hyperref, cleveref and natbib
% where the document loads them, and its theorem environments if they are called theorem or thm. Others are named first:
%     \newcommand{\sxtheoremenv}{mytheorem}   \newcommand{\sxclaimenv}{myconjecture}
% On slides a theorem stands in \begin{frame}[allowframebreaks=0.85]\footnotesize.

\providecommand{\sxT}{\mathsf T}              % transpose, always written ^{\sxT}
\providecommand{\sxV}[1]{\ifdefined\bm\bm{#1}\else\boldsymbol{#1}\fi}  % vectors
\providecommand{\sxM}[1]{\ifdefined\bm\bm{#1}\else\boldsymbol{#1}\fi}  % matrices
\providecommand{\sxcomix}{(1-\nobreak\sxmix)} % what the ratio leaves to the partner
\providecommand{\sxcolour}[2]{{\ifdefined\definecolorset\color[HTML]{#1}\fi#2}}
\providecommand{\sxown}[1]{\sxcolour{0072B2}{#1}}    % the first named part of a sum
\providecommand{\sxcross}[1]{\sxcolour{B8470B}{#1}}  % the second
\providecommand{\sxsmall}{\small}             % lists and quotations
\providecommand{\sxsmaller}{\footnotesize}    % reasons and checks
\providecommand{\sxreason}[1]{\sxsmaller\sxcolour{555555}{#1}}
\providecommand{\sxby}[1]{{\parbox[t]{14em}{\raggedright\strut\sxreason{#1}\strut}}}  % a reason beside its step
\providecommand{\sxbelow}[1]{\text{\sxreason{#1}}}  % below it
\providecommand{\sxbelowin}[2]{\parbox[t]{#1}{\raggedright\strut\sxreason{#2}\strut}}  % in lines of this width
\providecommand{\sxsized}[2]{\ifdefined\scalebox\scalebox{#1}{$\displaystyle #2$}\else
  \mbox{\scriptsize$\displaystyle #2$}\fi}    % what fits in smaller type only
\providecommand{\sxcheck}[1]{\par\nobreak\smallskip\noindent{\raggedright\sxreason{#1}\par}\bigskip}
\providecommand{\sxanswers}[1]{\par\pagebreak[2]\begin{quotation}\sxsmall\noindent #1\end{quotation}\nobreak}
\providecommand{\sxloose}{\raggedright}       % lists with formulas in their lines
\providecommand{\sxeasy}{\tolerance=9999 \emergencystretch=3em \hbadness=10000 \vbadness=10000 }  % other text with them
\providecommand{\sxragged}{\sxeasy\rightskip=0pt plus 3em }  % in narrow columns
\providecommand{\sxtogether}{\par\nobreak\csname @beginparpenalty\endcsname=10000 }  % no page ends before a list
\providecommand{\gt}{>}                       % as on the web
\providecommand{\lt}{<}

% a theorem of the document by its label, sx:... ; by its title if it is not in the document
\providecommand{\sxnumbered}[1]{\hyperref[sx:#1]{Theorem~\ref*{sx:#1}}}
\providecommand{\sxref}[2]{\ifcsname r@sx:#1\endcsname\sxrefer{#1}\else``#2''\fi}
\providecommand{\sxrefer}[1]{\ifcsname Cref@\sxtheoremenv @format\endcsname\Cref{sx:#1}\else
  \ifdefined\hyperref\sxnumbered{#1}\else Theorem~\ref{sx:#1}\fi\fi}

% a source of the document by its key; by its name if it is not in the document
\makeatletter
\providecommand{\sxcitation}[1]{\if@filesw\immediate\write\@auxout{\string\citation{#1}}\fi}  % BibTeX looks for it
\makeatother
\providecommand{\sxcite}[2]{\ifcsname b@#1\endcsname\cite{#1}\else
  \ifdefined\printbibliography\cite{#1}\else\sxcitation{#1}(#2)\fi\fi}

% environments: the document's own where there are some
\providecommand{\sxbegin}[3]{\begin{#1}[{#3}]}
\providecommand{\sxend}[1]{\end{#1}}
\providecommand{\sxbeginplain}[3]{\begin{#1}\textup{(#3)} \ignorespaces}  % LaTeX's own cannot break a title
\providecommand{\sxbeginslide}[3]{\par\medskip\refstepcounter{#1}\noindent
  {\usebeamercolor[fg]{structure}\bfseries #2~\csname the#1\endcsname\ (#3).} \ignorespaces}
\providecommand{\sxendslide}[1]{\par\medskip}
\ifcsname sxtheorem\endcsname\else
  \newenvironment{sxtheorem}[1][]{\sxbegin{\sxtheoremenv}{Theorem}{#1}}{\sxend{\sxtheoremenv}}
  \newenvironment{sxclaim}[1][]{\sxbegin{\sxclaimenv}{Claim}{#1}}{\sxend{\sxclaimenv}}
  \newenvironment{sxproof}{\begin{\sxproofenv}}{\end{\sxproofenv}}
  \newenvironment{sxplainproof}{\par\noindent\textit{Proof.} \ignorespaces}{\unskip\nobreak\hfill$\square$\par}
\fi
\AtBeginDocument{%
  \ifdefined\usebeamercolor  % whose theorems and proofs stand in boxes, which no frame can break
    \ifdefined\sxtheoremenv\else\let\sxbegin\sxbeginslide\let\sxend\sxendslide\fi
    \providecommand{\sxproofenv}{sxplainproof}%
  \else
    \ifdefined\theoremstyle\else\ifdefined\IEEEproof\else\let\sxbegin\sxbeginplain\fi\fi
  \fi
  \ifdefined\sxproofenv\else
    \ifcsname proof\endcsname\newcommand{\sxproofenv}{proof}\else
      \ifcsname IEEEproof\endcsname\newcommand{\sxproofenv}{IEEEproof}\else
        \newcommand{\sxproofenv}{sxplainproof}\fi\fi
  \fi
  \ifdefined\sxtheoremenv\else
    \ifcsname theorem\endcsname\newcommand{\sxtheoremenv}{theorem}\else
      \ifcsname thm\endcsname\newcommand{\sxtheoremenv}{thm}\else
        \newtheorem{theorem}{Theorem}\newcommand{\sxtheoremenv}{theorem}\fi\fi
  \fi
  \ifdefined\sxclaimenv\else
    \ifcsname claim\endcsname\else\newtheorem{claim}{Claim}\fi
    \newcommand{\sxclaimenv}{claim}%
  \fi}

% the legend
"""


def macros() -> str:
    """Return the macro file."""
    prose = Prose(PAPER, LatexMarkup().escape)
    lines = [rf"\providecommand{{{name}}}{{{latex}}}" for name, (latex, _) in expansions().items()]
    meanings = [prose(meaning).replace("\n", " ") for _, meaning in expansions().values()]
    width = max(map(len, lines))
    return _MACROS + "".join(f"{line:<{width}}  % {m}\n" for line, m in zip(lines, meanings, strict=True))
