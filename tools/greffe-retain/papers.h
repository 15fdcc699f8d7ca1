// The verbs that give people something to read: lists, certificates, answers to requests.
#pragma once

#include <string>

#include "flow/paper.h"
#include "flow/paper_words.h"
#include "greffe-retain/verbs.h"

namespace greffe::retain_tool {

// --format, --lang and --output.
void define_paper(cli::CommandLine& command, PaperOptions& paper);
// To standard output or into the file that was named.
Status give(const std::string& text, const PaperOptions& options);
Status give_paper(const flow::Paper& paper, const PaperOptions& options);
Status give_papers(std::span<const flow::Paper> papers, const PaperOptions& options);
flow::Language language_of(const PaperOptions& options);

}  // namespace greffe::retain_tool
