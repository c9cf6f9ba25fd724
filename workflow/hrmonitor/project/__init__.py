"""What people decided about a project comes in: `config.yaml`, the register of facilities, decisions on names, sealed rounds.

Out go checked settings, rounds with the paths of their files, and the register as frames. Defaults are set here and nowhere else;
no answer is read here, and what cannot be checked stops the build with the key and the file named.
"""
