# Reference values for samples that bring their own design (strata, clusters, weights, fpc as columns), computed by R's survey package on the
# data that it ships: schools of California (api) and the health examination survey of the United States, 2009-2010 (nhanes).
#   apt-get install r-base-core r-cran-survey
#   Rscript tests/reference_values/svydesign.R
library(survey)
data(api)
data(nhanes)
folder <- "tests/reference_values"
number <- function(value) sprintf("%.15g", as.numeric(value))
# As in survey.R: midway between two values where the weight falls between them.
type_2 <- function(x, w, p) {
  w <- w[order(x)]
  x <- sort(x)
  cumulated <- cumsum(w) / sum(w)
  at <- which(cumulated >= p - 1e-12)[1]
  if (abs(cumulated[at] - p) <= 1e-12 && at < length(x)) mean(x[at + 0:1]) else x[at]
}
column <- function(table, name) if (name == "") NA else if (name %in% c("stype", "dnum", "SDMVSTRA", "SDMVPSU")) as.character(table[[name]]) else table[[name]]
# Labels of strata and clusters are words.
data_of <- function(name, table, stratum, cluster, weight, fpc, y, x, yes, domain) data.frame(
  sample = name, stratum = column(table, stratum), cluster = column(table, cluster), weight = column(table, weight),
  fpc = column(table, fpc), y = table[[y]], x = table[[x]], yes = as.numeric(table[[yes]] == levels(factor(table[[yes]]))[1]),
  domain = as.numeric(factor(table[[domain]])))
# Every eighth person of the first six strata is enough; NA in HI_CHOL are questions left open.
people <- nhanes[nhanes$SDMVSTRA <= 80, ]
people <- people[seq(1, nrow(people), 8), ]
lonely <- people[!(people$SDMVSTRA == 77 & people$SDMVPSU == 2), ]
samples <- rbind(
  data_of("schools by type", apistrat, "stype", "", "pw", "fpc", "api00", "api99", "sch.wide", "comp.imp"),
  data_of("schools by type, no weights", apistrat, "stype", "", "", "fpc", "api00", "api99", "sch.wide", "comp.imp"),
  data_of("districts", apiclus1, "", "dnum", "pw", "fpc", "api00", "api99", "sch.wide", "stype"),
  data_of("districts, endless", apiclus1, "", "dnum", "pw", "", "enroll", "api.stu", "comp.imp", "stype"),
  data_of("districts, weights alone", apiclus2, "", "", "pw", "", "api00", "api99", "sch.wide", "stype"),
  data_of("districts of two stages", apiclus2, "", "dnum", "pw", "", "enroll", "api.stu", "sch.wide", "stype"),
  data_of("persons", people, "SDMVSTRA", "SDMVPSU", "WTMEC2YR", "", "HI_CHOL", "RIAGENDR", "HI_CHOL", "agecat"),
  data_of("persons, one unit alone", lonely, "SDMVSTRA", "SDMVPSU", "WTMEC2YR", "", "HI_CHOL", "RIAGENDR", "HI_CHOL", "agecat"))
write.csv(samples, file.path(folder, "svydesign_samples.csv"), row.names = FALSE, na = "")

rows <- list()
for (name in unique(samples$sample)) for (rule in if (grepl("alone", name) && name != "districts, weights alone") c("adjust", "certainty") else "fail") {
  options(survey.lonely.psu = rule)
  own <- samples[samples$sample == name, ]
  has <- function(key) !all(is.na(own[[key]]))
  formula_of <- function(key) if (has(key)) as.formula(paste0("~", key)) else NULL
  design <- svydesign(ids = if (has("cluster")) ~cluster else ~1, strata = formula_of("stratum"), weights = formula_of("weight"),
                      fpc = formula_of("fpc"), data = own, nest = TRUE)
  add <- function(statistic, found, low = NA, high = NA, freedom = NA) rows[[length(rows) + 1]] <<- data.frame(
    sample = name, lonely = rule, statistic = statistic, estimate = number(coef(found)), se = number(SE(found)), low = number(low),
    high = number(high), freedom = freedom)
  for (part in c("", "domain_")) {
    inside <- if (part == "") design else subset(design, domain == 1)
    t_ends <- function(found) confint(found, df = degf(inside))
    for (statistic in c("mean", "total", "ratio")) {
      found <- switch(statistic, mean = svymean(~y, inside, na.rm = TRUE), total = svytotal(~y, inside, na.rm = TRUE),
                      ratio = svyratio(~y, ~x, inside, na.rm = TRUE))
      add(paste0(part, statistic), found, t_ends(found)[1], t_ends(found)[2], degf(inside))
    }
    answered <- subset(inside, !is.na(yes))
    found <- svymean(~yes, answered)
    ends <- attr(svyciprop(~yes, answered, method = "beta"), "ci")
    add(paste0(part, "share"), found, ends[1], ends[2], degf(answered))
    if (!grepl("persons", name)) {
      answered <- subset(inside, !is.na(y))
      found <- svyquantile(~y, answered, 0.5, qrule = type_2, interval.type = "mean")[[1]]
      rows[[length(rows) + 1]] <- data.frame(
        sample = name, lonely = rule, statistic = paste0(part, "median"), estimate = number(found[1]), se = number(found[4]),
        low = number(found[2]), high = number(found[3]), freedom = degf(answered))
    }
  }
}
write.csv(do.call(rbind, rows), file.path(folder, "svydesign.csv"), row.names = FALSE, quote = TRUE)
