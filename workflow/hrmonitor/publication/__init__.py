"""Tables that passed disclosure control come in, with checksums of everything that the build read.

Out go checked tables, the open data package, provenance, the release record and the software bill of materials. No table is published
that is not declared here, and nothing in this room reads an answer.
"""
