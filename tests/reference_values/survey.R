# Reference values for tests/unit/test_estimation.py and docs/methods/estimation.md, computed by R's survey package.
#   python tests/reference_values/make_designs.py
#   apt-get install r-base-core r-cran-survey r-cran-jsonlite
#   Rscript tests/reference_values/survey.R
library(survey)
options(survey.lonely.psu = "adjust")
folder <- "tests/reference_values"
designs <- jsonlite::fromJSON(file.path(folder, "designs.json"), simplifyDataFrame = FALSE)
rows <- list()
# Type 2 of Hyndman and Fan. Our own, as survey 4.1.1 gives the second value where p lies below the weight of the first.
type_2 <- function(x, w, p) {
  w <- w[order(x)]
  x <- sort(x)
  cumulated <- cumsum(w) / sum(w)
  at <- which(cumulated >= p - 1e-12)[1]
  if (abs(cumulated[at] - p) <= 1e-12 && at < length(x)) mean(x[at + 0:1]) else x[at]
}
number <- function(value) sprintf("%.15g", as.numeric(value))
for (one in designs) {
  N <- unlist(one$population)
  frame <- data.frame(y = one$y, x = one$x, yes = one$yes, domain = one$domain, stratum = one$stratum,
                      region = one$region, kind = one$kind, change = one$y - one$x,
                      applies = one$applies, answered = one$answered, organisation = one$organisation)
  frame$N <- N[frame$stratum]
  design <- svydesign(ids = ~1, strata = ~stratum, fpc = ~N, data = frame)
  add <- function(statistic, found, low = NA, high = NA, deff = NA) rows[[length(rows) + 1]] <<- data.frame(
    design = one$name, statistic = statistic, estimate = number(coef(found)), se = number(SE(found)),
    low = number(low), high = number(high), deff = number(deff))
  with_interval <- function(statistic, found, own, deff = NA) {
    ends <- confint(found, df = degf(own))
    add(statistic, found, ends[1], ends[2], deff)
  }
  with_interval("mean", svymean(~y, design), design, deff(svymean(~y, design, deff = TRUE)))
  with_interval("share", svymean(~yes, design), design, deff(svymean(~yes, design, deff = TRUE)))
  with_interval("total", svytotal(~y, design), design, deff(svytotal(~y, design, deff = TRUE)))
  with_interval("ratio", svyratio(~y, ~x, design), design, deff(svyratio(~y, ~x, design, deff = TRUE)))
  inside <- subset(design, domain == 1)
  with_interval("domain_mean", svymean(~y, inside), inside, deff(svymean(~y, inside, deff = TRUE)))
  with_interval("domain_total", svytotal(~y, inside), inside)
  with_interval("domain_ratio", svyratio(~y, ~x, inside), inside)
  with_interval("paired_change", svymean(~change, design), design)
  if (length(unique(frame$domain)) == 2) {
    both <- svyby(~y, ~domain, design, svymean, covmat = TRUE)
    with_interval("difference", svycontrast(both, c(-1, 1)), design)
  }
  for (p in c(0.1, 0.25, 0.5, 0.75, 0.9)) {
    found <- svyquantile(~y, design, p, qrule = type_2, interval.type = "mean")[[1]]
    rows[[length(rows) + 1]] <- data.frame(
      design = one$name, statistic = paste0("quantile_", 100 * p), estimate = number(found[1]), se = number(found[4]),
      low = number(found[2]), high = number(found[3]), deff = NA)
  }
  # A question left open: those to whom it does not apply are known to be outside; those who answered stand for all to whom it applies.
  known <- frame[frame$answered == 1 | frame$applies == 0, ]
  count <- function(flag) tapply(frame[[flag]], frame$stratum, sum)[known$stratum]
  kept <- table(frame$stratum)[known$stratum]
  known$w <- as.numeric(known$N / kept * ifelse(known$applies == 1, count("applies") / count("answered"), 1))
  item <- svydesign(ids = ~1, strata = ~stratum, weights = ~w, fpc = ~N, data = known)
  spoke <- subset(item, answered == 1)
  with_interval("item_mean", svymean(~y, spoke), spoke)
  with_interval("item_share", svymean(~yes, spoke), spoke)
  with_interval("item_total", svytotal(~y, spoke), spoke)
  with_interval("item_ratio", svyratio(~y, ~x, spoke), spoke)
  with_interval("item_change", svymean(~change, spoke), spoke)
  if (length(unique(known$domain[known$answered == 1])) == 2) {
    both <- svyby(~y, ~domain, spoke, svymean, covmat = TRUE)
    with_interval("item_difference", svycontrast(both, c(-1, 1)), spoke)
  }
  middle <- svyquantile(~y, spoke, 0.5, qrule = type_2, interval.type = "mean")[[1]]
  rows[[length(rows) + 1]] <- data.frame(
    design = one$name, statistic = "item_quantile_50", estimate = number(middle[1]), se = number(middle[4]),
    low = number(middle[2]), high = number(middle[3]), deff = NA)
  frame$w <- as.numeric(frame$N / table(frame$stratum)[frame$stratum])
  clustered <- svydesign(ids = ~organisation, weights = ~w, data = frame)
  if (length(unique(frame$organisation)) > 1) {
    with_interval("clustered_mean", svymean(~y, clustered), clustered)
    with_interval("clustered_share", svymean(~yes, clustered), clustered)
    with_interval("clustered_total", svytotal(~y, clustered), clustered)
    with_interval("clustered_ratio", svyratio(~y, ~x, clustered), clustered)
    inside <- subset(clustered, domain == 1)
    with_interval("clustered_domain_mean", svymean(~y, inside), inside)
  }
  # What our findings rest on: the same, strata of known size. Where one answered alone ours joins strata, which R does not.
  if (length(unique(frame$organisation)) > 1 && min(table(frame$stratum)) > 1) {
    sizes <- data.frame(stratum = names(N), Freq = as.numeric(N))
    both <- postStratify(clustered, ~stratum, sizes)
    with_interval("organisations_mean", svymean(~y, both), both)
    with_interval("organisations_total", svytotal(~y, both), both)
    with_interval("organisations_ratio", svyratio(~y, ~x, both), both)
    with_interval("organisations_domain_mean", svymean(~y, subset(both, domain == 1)), subset(both, domain == 1))
  }
  margin <- function(name) {
    wanted <- unlist(one$totals[[name]])
    made <- data.frame(names(wanted), Freq = as.numeric(wanted))
    setNames(made, c(name, "Freq"))
  }
  post <- postStratify(design, ~region, margin("region"))
  with_interval("poststratified_mean", svymean(~y, post), post)
  with_interval("poststratified_total", svytotal(~y, post), post)
  with_interval("poststratified_domain_mean", svymean(~y, subset(post, domain == 1)), subset(post, domain == 1))
  raked <- rake(design, list(~region, ~kind), list(margin("region"), margin("kind")),
                control = list(maxit = 1000, epsilon = 1e-13, verbose = FALSE))
  with_interval("raked_mean", svymean(~y, raked), raked)
  with_interval("raked_total", svytotal(~y, raked), raked)
  with_interval("raked_ratio", svyratio(~y, ~x, raked), raked)
  # A stratum of weight 2 and one of weight 20 cannot all lie under 1.5 times the median: R stops there too.
  trimmed <- tryCatch(trimWeights(raked, upper = 2 * median(weights(raked)), strict = TRUE), error = function(e) NULL)
  if (!is.null(trimmed) && all(is.finite(weights(trimmed)))) with_interval("trimmed_mean", svymean(~y, trimmed), trimmed)
}
write.csv(do.call(rbind, rows), file.path(folder, "survey.csv"), row.names = FALSE, quote = TRUE)
