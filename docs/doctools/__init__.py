"""What keeps the documents true: captured output, generated blocks, executed examples.

    python docs/build.py            writes every document again
    python docs/build.py --check    says which differ, and ends with 1 if any does

A block is regenerated where a marker stands before it:

    <!-- generated: NAME -->        everything up to <!-- end --> comes from the code (`generated`)
    <!-- captured -->               the output in the next ```console block is real (`captured`)
    <!-- file: NAME -->             the next fenced block is saved under that name for the commands, as UTF-8
                                    or in another `encoding=`
    # expect N                      in a ```yaml block of a page of rules (`examples`)
"""
