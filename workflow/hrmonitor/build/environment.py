"""What of the machine must not show in a result: variables that `common.smk` sets for every job."""

# Locale, time zone and hash seed of the user; and the processor, of which libraries take the best code that it has. That rounds
# otherwise, and sorts ties otherwise. So all machines take the code that every x86-64 processor can run.
SAME_EVERYWHERE = {
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "agg",
    # Matrices, in numpy and scipy.
    "OPENBLAS_CORETYPE": "Prescott",
    # exp, log and the order of ties in a sort that is not stable, in numpy. A test knows when numpy has a name that is missing here.
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
    # exp, log, pow and sin in the C library.
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4",
}
