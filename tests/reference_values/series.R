# Reference values for published series: Rscript series.R > series.csv (R 4.2.2, sandwich 3.0.2, lmtest 0.9.40).
# Slope and plain standard error: lm. se: sandwich::NeweyWest without prewhitening, with the lag of Newey and West (1994) and the factor
# n / (n - 2). Durbin-Watson: lmtest::dwtest. autocorrelation: stats::acf at lag 1, of residuals that have mean 0.
suppressMessages({library(sandwich); library(lmtest)})
series <- list(
  short = c(12, 15, 14, 18, 21, 20, 24, 23),
  wave = round(100 + 3 * (1:20) + 15 * sin((1:20) / 2)),
  falls = c(30, 31, 27, 28, 24, 25, 20, 22, 18, 17, 19, 13)
)
f <- function(x) sprintf("%.12g", x)
cat("series,values,slope,se_plain,se,low,high,autocorrelation,durbin_watson\n")
for (name in names(series)) {
  y <- series[[name]]
  n <- length(y)
  year <- 2000 + seq_len(n)
  fit <- lm(y ~ year)
  lag <- floor(4 * (n / 100)^(2 / 9))
  se <- sqrt(NeweyWest(fit, lag = lag, prewhite = FALSE, adjust = TRUE)[2, 2])
  reach <- qt(0.975, n - 2) * se
  b <- coef(fit)[2]
  cat(name, paste(y, collapse = " "), f(b), f(summary(fit)$coefficients[2, 2]), f(se), f(b - reach), f(b + reach),
      f(acf(residuals(fit), plot = FALSE)$acf[2]), paste0(f(dwtest(fit)$statistic), "\n"), sep = ",")
}
