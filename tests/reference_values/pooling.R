# Reference values for Rubin's rules: Rscript pooling.R > pooling.csv (R 4.2.2, mitools 2.4).
# value, se and the degrees of freedom for large samples (old) come from mitools::MIcombine. The degrees of freedom for small samples
# are written out from Barnard and Rubin, Biometrika 86 (1999), equations 3 and 5, in their own terms, because mitools has (1 + 1/m)
# left out of them (its `dfobs`). missing: Rubin (1987), equation 3.1.10, with those degrees of freedom, as mice::pool has it.
suppressMessages(library(mitools))
sets <- list(
  a = list(q = c(0.61, 0.64, 0.58, 0.66, 0.60), se = c(0.050, 0.049, 0.051, 0.048, 0.050), com = 98),
  b = list(q = c(10, 14, 9, 12, 15, 11, 8, 13), se = c(2.0, 2.2, 1.9, 2.1, 2.3, 2.0, 1.8, 2.1), com = 11),
  c = list(q = c(-1.5, -1.4, -1.6), se = c(0.9, 1.0, 0.8), com = 4),
  d = list(q = c(0.30, 0.31, 0.30, 0.29, 0.30, 0.31, 0.30, 0.30, 0.29, 0.31), se = rep(0.1, 10), com = 250)
)
cat("set,com,value,se,freedom_old,freedom,missing\n")
for (name in names(sets)) {
  s <- sets[[name]]
  m <- length(s$q)
  large <- MIcombine(as.list(s$q), as.list(s$se^2))
  u <- mean(s$se^2)
  b <- var(s$q)
  gamma <- (1 + 1 / m) * b / (u + (1 + 1 / m) * b)
  old <- (m - 1) * gamma^-2
  obs <- (s$com + 1) / (s$com + 3) * s$com * (1 - gamma)
  new <- (old^-1 + obs^-1)^-1
  stopifnot(all.equal(as.numeric(large$df), old))
  r <- (1 + 1 / m) * b / u
  cat(sprintf("%s,%d,%.12g,%.12g,%.12g,%.12g,%.12g\n", name, s$com, coef(large), sqrt(vcov(large)), old, new, (r + 2 / (new + 3)) / (r + 1)))
}
