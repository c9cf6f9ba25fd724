"""The findings of config.yaml and the answers of the rounds come in.

Out go a verdict for each finding, every test behind it, and whether the verdict survives without a mode, without an organisation and
in the worst case. No number or verdict is typed in by hand, and a test that cannot be assessed says why.
"""
