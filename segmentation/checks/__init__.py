"""Everything that doubts: each module yields notices, `listed` names all of them in their order."""
