-- What Pandoc's writers need to know of our Markdown:
-- @fig-x, @tbl-x and @sec-x are references, not citations; figures carry alt text into Typst;
-- tables and figures are numbered in HTML as Typst numbers them. Works with every Pandoc since 3.4.

-- In the language of the document: `kinds` of its metadata.
local words = { fig = "Figure", tbl = "Table", sec = "Section" }
local numbers = {}
local count = { fig = 0, tbl = 0 }

-- Quarto numbers figures, tables and sections of a web page itself, and resolves what refers to them.
local quarto_numbers = quarto ~= nil and FORMAT:match("html") ~= nil

local function kind_of(id)
  return id:match("^(fig)%-") or id:match("^(tbl)%-") or id:match("^(sec)%-")
end

local function typst_string(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("[\r\n]+", " ") .. '"'
end

local function inlines_to_typst(inlines)
  return pandoc.write(pandoc.Pandoc({ pandoc.Plain(inlines) }), "typst"):gsub("%s+$", "")
end

local function read_meta(meta)
  for kind, name in pairs({ fig = "figure", tbl = "table", sec = "section" }) do
    if meta.kinds and meta.kinds[name] then words[kind] = pandoc.utils.stringify(meta.kinds[name]) end
  end
end

local function number_figure(figure)
  local image
  figure:walk({ Image = function(found) image = found end })
  local id = figure.identifier ~= "" and figure.identifier or (image and image.identifier or "")
  count.fig = count.fig + 1
  numbers[id] = count.fig
  if FORMAT == "typst" then
    -- The writer leaves out alt text, which PDF/UA asks for; Pandoc keeps it as the caption of the image itself.
    -- From the root of the project; `quarto render` comes from the folder of the document.
    local path = "/" .. image.src:gsub("^%.%./", "")
    return pandoc.RawBlock("typst", "#place-figure(wide, wide => [#figure(image(" .. typst_string(path) .. ", width: wide, alt: "
      .. typst_string(pandoc.utils.stringify(image.caption)) .. "), caption: [" .. inlines_to_typst(pandoc.utils.blocks_to_inlines(figure.caption.long))
      .. "]) <" .. id .. ">])")
  end
  if FORMAT == "docx" then
    -- Word shows no SVG everywhere; beside each stands the same picture as PNG.
    figure = figure:walk({ Image = function(found)
      found.src = found.src:gsub("%.svg$", ".png")
      found.attributes.width = "100%"
      return found
    end })
  end
  local caption = pandoc.utils.blocks_to_inlines(figure.caption.long)
  table.insert(caption, 1, pandoc.Strong(words.fig .. " " .. count.fig .. ". "))
  figure.caption.long = { pandoc.Plain(caption) }
  return figure
end

local function refer(cite)
  local id = cite.citations[1].id
  local kind = kind_of(id)
  if not kind then return nil end
  if FORMAT == "typst" then return pandoc.RawInline("typst", "@" .. id) end
  return pandoc.Link(words[kind] .. " " .. tostring(numbers[id] or ""), "#" .. id)
end

-- A chapter of the other volume is a link where both are web pages, and its name where they are files of their own.
local function name_volume(link)
  if link.classes:includes("volume") and FORMAT ~= "html" and FORMAT ~= "html5" then return link.content end
end

-- Before 3.8 Pandoc leaves the identifier of a table in its caption, as words.
local function take_identifier(tbl)
  local inlines = pandoc.utils.blocks_to_inlines(tbl.caption.long)
  local last = inlines[#inlines]
  local id = last and last.t == "Str" and last.text:match("^{#(tbl%-[%w_-]+)}$")
  if tbl.identifier ~= "" or not id then return end
  inlines:remove()
  if #inlines > 0 and inlines[#inlines].t == "Space" then inlines:remove() end
  tbl.identifier = id
  tbl.caption.long = { pandoc.Plain(inlines) }
end

local function number_table(tbl)
  take_identifier(tbl)
  count.tbl = count.tbl + 1
  numbers[tbl.identifier] = count.tbl
  if FORMAT ~= "typst" then
    local caption = pandoc.utils.blocks_to_inlines(tbl.caption.long)
    table.insert(caption, 1, pandoc.Strong(words.tbl .. " " .. count.tbl .. ". "))
    tbl.caption.long = { pandoc.Plain(caption) }
    return tbl
  end
  -- Written out here, so that Quarto does not make a float of its own kind of it.
  local written = pandoc.write(pandoc.Pandoc({ tbl:walk({ Link = name_volume }) }), "typst")
  return pandoc.RawBlock("typst", "#whole-if-short[\n" .. written .. "\n]")
end

-- Typst's own citations would need a bibliography in the template, and the writer before 3.8 makes them of what Pandoc has
-- set already; so here they are words. References come first: to Pandoc they are citations of unknown works.
local function set_citations(doc)
  local set = pandoc.utils.citeproc(doc:walk({ Cite = refer }))
  return set:walk({ Cite = function(cite) return cite.content end })
end

local function mark_blocks(div)
  -- The HTML page has its contents in a bar of its own.
  if div.classes:includes("contents") then
    return FORMAT == "typst" and pandoc.RawBlock("typst", "#contents") or {}
  end
  -- In Word each has a paragraph style of its own.
  local style = { synthetic = "Synthetic Note", claim = "Claim", published = "Claim" }
  if FORMAT == "docx" and style[div.classes[1]] then
    div.attributes["custom-style"] = style[div.classes[1]]
    return div
  end
  -- A finding; only pages have to be filled.
  if div.classes:includes("spread") then
    if FORMAT ~= "typst" then return div.content end
    local blocks = pandoc.List({ pandoc.RawBlock("typst", "#spread(wide => [") })
    blocks:extend(div.content)
    blocks:insert(pandoc.RawBlock("typst", "])"))
    return blocks
  end
  if FORMAT ~= "typst" then return nil end
  for _, class in ipairs({ "synthetic", "claim", "published", "sources" }) do
    if div.classes:includes(class) then
      local blocks = pandoc.List({ pandoc.RawBlock("typst", "#" .. class .. "[") })
      blocks:extend(div.content)
      blocks:insert(pandoc.RawBlock("typst", "]"))
      return blocks
    end
  end
end

-- Before a chapter that does not begin a page anyway.
local function begin_chapters(document)
  if FORMAT ~= "typst" then return nil end
  local blocks = pandoc.List()
  for _, block in ipairs(document.blocks) do
    if block.t == "Header" and block.level == 1 then blocks:insert(pandoc.RawBlock("typst", "#begin-chapter")) end
    blocks:insert(block)
  end
  document.blocks = blocks
  return document
end

if quarto_numbers then return { { Div = mark_blocks } } end
return {
  { Meta = read_meta },
  FORMAT == "typst" and { Pandoc = set_citations } or {},
  -- Behind the citations, with which the list of references comes: it is a chapter too.
  { Pandoc = begin_chapters },
  { Figure = number_figure, Table = number_table },
  { Cite = refer, Div = mark_blocks, Link = name_volume },
}
