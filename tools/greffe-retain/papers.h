// The verbs that give people something to read: lists, certificates, answers to requests.
#pragma once

#include <string>

#include "custody/paper.h"
#include "custody/paper_words.h"
#include "greffe-retain/verbs.h"

namespace greffe::retain_tool {

// --format, --lang and --output.
void define_paper(cli::CommandLine& command, PaperOptions& paper);
// To standard output or into the file that was named.
Status give(const std::string& text, const PaperOptions& options);
Status give_paper(const custody::Paper& paper, const PaperOptions& options);
Status give_papers(std::span<const custody::Paper> papers, const PaperOptions& options);
custody::Language language_of(const PaperOptions& options);

}  // namespace greffe::retain_tool
