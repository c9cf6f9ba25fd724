# Reference values for capture-recapture: Rscript capture.R FOLDER > capture.csv (R 4.2.2, Rcapture 1.4-4).
# FOLDER holds the source of Rcapture (https://github.com/cran/Rcapture, commit b536c82), of which R/ is read as it is and data/ gives HIV
# and lesbian, whose first lists are taken; `made` are three lists of our own. estimate, se and AIC are those of closedpCI.t and closedp.t
# for a log-linear model given by its pairs; low and high are its multinomial profile likelihood interval, in which Rcapture takes
# Stirling's formula for factorials above 100. glm goes on to 1e-14: by its own epsilon the standard error has seven digits. chapman is written out from Seber (1970), with the interval of Chao (1987, equation 12).
folder <- commandArgs(trailingOnly = TRUE)[1]
for (file in list.files(file.path(folder, "R"), full.names = TRUE)) source(file)
for (name in c("HIV", "lesbian")) load(file.path(folder, "data", paste0(name, ".rda")))
first <- function(data, lists) {
  kept <- aggregate(data[, ncol(data)], by = as.data.frame(data[, lists]), FUN = sum)
  as.matrix(kept[rowSums(kept[, seq_along(lists)]) > 0, ])
}
made <- cbind(a = c(1, 0, 1, 0, 1, 0, 1), b = c(0, 1, 1, 0, 0, 1, 1), c = c(0, 0, 0, 1, 1, 1, 1), n = c(247, 112, 49, 142, 60, 12, 4))
sets <- list(made = made, hiv = first(HIV, 1:3), lesbian = first(lesbian, 1:3), hiv_two = first(HIV, 1:2), lesbian_two = first(lesbian, c(1, 3)))
line <- function(...) cat(paste(..., sep = ","), "\n", sep = "")
f <- function(x) sprintf("%.12g", x)
line("set", "model", "c100", "c010", "c001", "c110", "c101", "c011", "c111", "estimate", "se", "aic", "low", "high")
for (name in names(sets)) {
  X <- sets[[name]]
  lists <- ncol(X) - 1
  key <- apply(X[, 1:lists], 1, paste, collapse = "")
  if (lists == 2) key <- paste0(key, "0")
  cells <- sapply(c("100", "010", "001", "110", "101", "011", "111"), function(k) sum(X[key == k, lists + 1]))
  pairs <- if (lists == 3) list(c(1, 2), c(1, 3), c(2, 3)) else list()
  for (chosen in 0:(2^length(pairs) - 1)) {
    own <- pairs[bitwAnd(chosen, 2^(seq_along(pairs) - 1)) > 0]
    terms <- c(paste0("c", 1:lists), vapply(own, function(p) paste0("c", p[1], ":c", p[2]), ""))
    found <- suppressWarnings(closedpCI.t(X, dfreq = TRUE, mX = as.formula(paste("~", paste(terms, collapse = "+"))), fmaxSupCL = 50, control = glm.control(epsilon = 1e-14, maxit = 100)))
    r <- found$results[1, ]
    model <- paste(vapply(own, paste, "", collapse = ""), collapse = " ")
    line(name, model, paste(cells, collapse = ","), f(r["abundance"]), f(r["stderr"]), f(r["AIC"]), f(found$CI[1, "infCL"]), f(found$CI[1, "supCL"]))
  }
  if (lists == 2) {
    both <- cells["110"]; one <- cells["100"] + both; two <- cells["010"] + both
    N <- (one + 1) * (two + 1) / (both + 1) - 1
    se <- sqrt((one + 1) * (two + 1) * (one - both) * (two - both) / ((both + 1)^2 * (both + 2)))
    seen <- sum(cells)
    C <- exp(qnorm(0.975) * sqrt(log(1 + se^2 / (N - seen)^2)))
    line(name, "chapman", paste(cells, collapse = ","), f(N), f(se), "", f(seen + (N - seen) / C), f(seen + (N - seen) * C))
    message(name, ": closedp.bc ", paste(format(closedp.bc(X, dfreq = TRUE, m = "Mt")$results, digits = 10), collapse = " "))
  }
}
