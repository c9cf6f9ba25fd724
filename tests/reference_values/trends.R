# Reference values for trends over rounds: Rscript trends.R > trends.csv (R 4.2.2, base R only).
# Own code in another way than the package's: the covariance matrix V of the means is filled cell by cell (Tam 1984, with a finite population)
# and the slope is lm's. answers: a row a facility, a column a round; sizes: facilities of the register in each round, both[j, k] those in two.
line <- function(...) cat(paste(..., sep = ","), "\n", sep = "")
a <- matrix(c(12, 14, 15, 10, NA, 13, 9, 11, 12, NA, 8, 9, 14, 15, NA, 11, 11, 14, 7, 9, 10, 13, NA, NA), ncol = 3, byrow = TRUE)
b <- matrix(c(5, 6, 9, NA, 7, 8, 4, 4, 6, 6, NA, NA, 5, 7, 7), ncol = 3, byrow = TRUE)
strata <- list(
  a = list(y = a, N = c(14, 15, 16), both = matrix(c(14, 13, 12, 13, 15, 14, 12, 14, 16), 3)),
  b = list(y = b, N = c(9, 9, 8), both = matrix(c(9, 8, 7, 8, 9, 8, 7, 8, 8), 3))
)
of <- function(s) {
  n <- colSums(!is.na(s$y))
  V <- matrix(0, 3, 3)
  for (j in 1:3) for (k in 1:3) {
    both <- !is.na(s$y[, j]) & !is.na(s$y[, k])
    s_jk <- cov(s$y[both, j], s$y[both, k])
    V[j, k] <- if (j == k) (1 - n[j] / s$N[j]) * s_jk / n[j] else (sum(both) / (n[j] * n[k]) - s$both[j, k] / (s$N[j] * s$N[k])) * s_jk
  }
  list(m = colMeans(s$y, na.rm = TRUE), V = V, W = s$N[3], df = min(n) - 1)
}
line("years", "stratum", "slope", "se", "low", "high", "p")
for (years in list(c(2018, 2021, 2024), c(2018, 2021, 2027))) {
  for (chosen in list("a", "b", c("a", "b"))) {
    parts <- lapply(strata[chosen], of)
    W <- sapply(parts, function(p) p$W) / sum(sapply(parts, function(p) p$W))
    m <- Reduce(`+`, Map(function(p, w) w * p$m, parts, W))
    V <- Reduce(`+`, Map(function(p, w) w^2 * p$V, parts, W))
    slope <- unname(coef(lm(m ~ years))[2])
    # The slope as a sum of the means, one mean at a time.
    contrast <- sapply(1:3, function(j) { e <- numeric(3); e[j] <- 1; coef(lm(e ~ years))[2] })
    se <- sqrt(drop(t(contrast) %*% V %*% contrast))
    df <- sum(sapply(parts, function(p) p$df))
    reach <- qt(0.975, df) * se
    line(paste(years, collapse = " "), paste(chosen, collapse = " "), sprintf("%.12g", slope), sprintf("%.12g", se), sprintf("%.12g", slope - reach),
         sprintf("%.12g", slope + reach), sprintf("%.12g", 2 * pt(-abs(slope / se), df)))
  }
}
