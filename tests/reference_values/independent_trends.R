# Reference values for trends over independent samples: Rscript independent_trends.R > independent_trends.csv (R 4.2.2, base R only).
# Another way than the package's: the slope is lm's, its variance comes from a diagonal covariance matrix, and the sum of the differences between
# each two rounds is added up pair by pair. Intervals are normal, so that joining them must give the root of the sum of squares.
line <- function(...) cat(paste(..., sep = ","), "\n", sep = "")
digits <- function(x) paste(sprintf("%.12g", x), collapse = " ")
line("years", "estimates", "se", "slope", "slope_se", "low", "high", "p", "p_monotone")
cases <- list(
  list(years = c(2019, 2021, 2023), m = c(0.31, 0.36, 0.44), se = c(0.03, 0.028, 0.035)),
  list(years = c(2015, 2016, 2020, 2024), m = c(12.1, 11.4, 11.9, 10.2), se = c(0.5, 0.6, 0.45, 0.7)),
  list(years = 2010:2017, m = c(5, 5.2, 4.9, 5.4, 5.3, 5.6, 5.1, 5.8), se = c(0.2, 0.25, 0.3, 0.2, 0.22, 0.21, 0.3, 0.24))
)
for (one in cases) {
  k <- length(one$m)
  V <- diag(one$se^2)
  slope <- unname(coef(lm(one$m ~ one$years))[2])
  contrast <- sapply(1:k, function(j) { e <- numeric(k); e[j] <- 1; coef(lm(e ~ one$years))[2] })
  se <- sqrt(drop(t(contrast) %*% V %*% contrast))
  S <- 0
  weights <- numeric(k)
  for (j in 1:(k - 1)) for (i in (j + 1):k) {
    S <- S + one$m[i] - one$m[j]
    weights[i] <- weights[i] + 1
    weights[j] <- weights[j] - 1
  }
  S_se <- sqrt(drop(t(weights) %*% V %*% weights))
  line(paste(one$years, collapse = " "), digits(one$m), digits(one$se), digits(slope), digits(se), digits(slope - qnorm(0.975) * se),
       digits(slope + qnorm(0.975) * se), digits(2 * pnorm(-abs(slope / se))), digits(2 * pnorm(-abs(S / S_se))))
}
