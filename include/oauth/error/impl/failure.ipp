#ifndef OAUTH_ERROR_IMPL_FAILURE_IPP
#define OAUTH_ERROR_IMPL_FAILURE_IPP

#include <oauth/error/failure.hpp>

namespace oauth {

OAUTH_DECL std::string escaped(std::string_view text, std::size_t limit)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    bool const cut = text.size() > limit;
    for (char c : text.substr(0, limit))
    {
        auto const byte = static_cast<unsigned char>(c);
        if (byte == '\r') continue;
        if (byte == '\n') out += ' ';
        else if (byte == '\\') out += "\\\\";
        else if (byte >= 0x20 && byte < 0x7f) out += c;
        else (((out += "\\x") += digits[byte >> 4]) += digits[byte & 15]);
    }
    if (cut) out += "...";
    return out;
}

OAUTH_DECL std::string describe(failure const& why)
{
    std::string out = why.code.message();
    if (!why.hint.empty()) (out += "\n  hint: ") += why.hint;
    out += "\n  what to do next: ";
    bool const passing = why.next == advice::retry || why.next == advice::retry_after;
    if (passing && why.retry_after) ((out += "try again after ") += std::to_string(why.retry_after->count())) += " s";
    else if (why.next == advice::fix_configuration && !why.hint.empty()) out += "correct the configuration, as the hint says";
    else out += describe(why.next);
    // What is next may be another thing than the same call; the server wants its pause all the same.
    if (!passing && why.retry_after)
        ((out += why.next == advice::sign_in_again ? ", after " : "\n  the server asks to wait: ") += std::to_string(why.retry_after->count())) += " s";
    if (why.http_status != 0) (out += "\n  HTTP status: ") += std::to_string(why.http_status);
    auto const line = [&out](char const* name, std::string const& text) {
        if (!text.empty()) ((out += "\n  ") += name) += escaped(text);
    };
    line("the server's error: ", why.server.error);
    line("the server's suberror: ", why.server.suberror);
    line("the server says: ", why.server.error_description);
    line("more at: ", why.server.error_uri);
    line("the authentication it wants: ", why.server.acr_values);
    if (why.server.max_age) ((out += "\n  the authentication may be this old: ") += std::to_string(why.server.max_age->count())) += " s";
    line("trace id: ", why.server.trace_id);
    line("correlation id: ", why.server.correlation_id);
    line("the answer begins (whoever wrote it): ", why.server.body_excerpt);
    return out;
}

} // namespace oauth

#endif
