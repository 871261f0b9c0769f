# Completes the commands and options of vfsblock, which says itself what there is; paths otherwise.
_vfsblock() {
  local current=${COMP_WORDS[COMP_CWORD]} word line=${COMP_LINE:0:COMP_POINT}
  COMPREPLY=()
  if ((COMP_CWORD == 1)) || [[ $current == -* ]]; then
    while IFS= read -r word; do
      [[ $word == "$current"* ]] && COMPREPLY+=("$word")
    done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
  fi
  if ((${#COMPREPLY[@]} == 0)) && [[ $current != -* ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r word; do
      COMPREPLY+=("$word")
    done < <(compgen -f -- "$current")
  fi
}
complete -F _vfsblock vfsblock
