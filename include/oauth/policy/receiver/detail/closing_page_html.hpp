#ifndef OAUTH_POLICY_RECEIVER_DETAIL_CLOSING_PAGE_HTML_HPP
#define OAUTH_POLICY_RECEIVER_DETAIL_CLOSING_PAGE_HTML_HPP

#include <oauth/policy/receiver/closing_page.hpp>
#include <string>
#include <string_view>

namespace oauth::detail {

/// Which of its pages.
enum class page_kind { granted, refused, waiting, stranger };

// The content security policy below names the hashes of these two texts: change all three together (a unit test compares them).
inline constexpr std::string_view page_style =
    ":root{color-scheme:light dark;--page:#eef1f6;--glow:#ffffff;--card:#ffffff;--edge:#e1e6ee;--ink:#182032;--soft:#55607a;--mark:#0f7a4d;--halo:#e2f4eb;"
    "--shade:0 1px 2px rgba(24,32,50,.05),0 16px 40px -12px rgba(24,32,50,.18)}"
    ".refused{--mark:#b4232c;--halo:#fcebea}.waiting,.stranger{--mark:#2b5fc7;--halo:#e8effc}"
    "@media(prefers-color-scheme:dark){:root{--page:#0e1118;--glow:#1a2130;--card:#171c27;--edge:#293144;--ink:#eef1f7;--soft:#a3aec4;--mark:#4bd695;"
    "--halo:#143328;--shade:0 16px 48px -12px rgba(0,0,0,.6)}"
    ".refused{--mark:#ff8a84;--halo:#3d1d20}.waiting,.stranger{--mark:#8db4ff;--halo:#1b2a4a}}"
    "*{box-sizing:border-box}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;"
    "background:radial-gradient(60rem 40rem at 50% 0,var(--glow),transparent) var(--page);"
    "color:var(--ink);font:16px/1.6 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",Ubuntu,Cantarell,\"DejaVu Sans\",sans-serif}"
    "main{width:100%;max-width:27rem;padding:44px 40px 40px;text-align:center;background:var(--card);border:1px solid var(--edge);border-radius:20px;"
    "box-shadow:var(--shade)}"
    ".icon{display:block;width:72px;height:72px;margin:0 auto 24px;padding:18px;border-radius:50%;background:var(--halo);color:var(--mark)}"
    ".app{margin:0 0 6px;color:var(--soft);font-size:.875rem;font-weight:600;letter-spacing:.01em;overflow-wrap:anywhere}"
    "h1{margin:0 0 10px;font-size:1.5rem;line-height:1.25;font-weight:650;letter-spacing:-.015em;overflow-wrap:anywhere}"
    ".message{margin:0 auto;max-width:21rem;color:var(--soft);overflow-wrap:anywhere;text-wrap:balance}"
    "@media(max-width:26rem){main{padding:36px 24px 32px}}"
    "@media(prefers-reduced-motion:no-preference){main{animation:rise .35s ease-out}.stroke{stroke-dasharray:1;animation:draw .5s .15s ease-out both}"
    "@keyframes rise{from{opacity:0;transform:translateY(8px)}}@keyframes draw{from{stroke-dashoffset:1}to{stroke-dashoffset:0}}}";

// The code leaves the address bar, the history and what "reload" would send again.
inline constexpr std::string_view page_script = "history.replaceState(null,\"\",location.pathname)";

inline constexpr std::string_view page_policy = "default-src 'none'; "
    "style-src 'sha256-hqxlT4c/v9pAGH5G/zoARFmI34PHhKcZDi9iWf/6SIE='; "
    "script-src 'sha256-8A+3er73YJf04rRHGhbZwZQACPiiipi9EPduIeAAIDk='; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

inline constexpr std::string_view name_of(page_kind kind) noexcept
{
    switch (kind)
    {
    case page_kind::granted: return "granted";
    case page_kind::refused: return "refused";
    case page_kind::waiting: return "waiting";
    case page_kind::stranger: return "stranger";
    }
    return "stranger";
}

/// What is drawn in the circle: a check mark, a cross, the hands of a clock, or an exclamation mark.
inline constexpr std::string_view icon_of(page_kind kind) noexcept
{
    switch (kind)
    {
    case page_kind::granted: return "M5 12.5l4.5 4.5L19 7.5";
    case page_kind::refused: return "M6.5 6.5l11 11M17.5 6.5l-11 11";
    case page_kind::waiting: return "M12 5v7l4.5 2.5";
    case page_kind::stranger: return "M12 5v8.5M12 18.4v.1";
    }
    return {};
}

inline closing_page::text const& text_of(closing_page const& page, page_kind kind) noexcept
{
    switch (kind)
    {
    case page_kind::granted: return page.granted;
    case page_kind::refused: return page.refused;
    case page_kind::waiting: return page.waiting;
    case page_kind::stranger: return page.stranger;
    }
    return page.stranger;
}

/// `text` as HTML, in an element or in a quoted attribute.
inline std::string html_escaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (char c : text)
    {
        if (c == '&') out += "&amp;";
        else if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '"') out += "&quot;";
        else if (c == '\'') out += "&#39;";
        else out += c;
    }
    return out;
}

/// The whole document.
inline std::string html_of(closing_page const& page, page_kind kind)
{
    auto const& text = text_of(page, kind);
    auto const heading = html_escaped(text.heading);
    bool const bad = kind == page_kind::refused || kind == page_kind::stranger;
    std::string out;
    out.reserve(page_style.size() + 2048);
    ((out += "<!DOCTYPE html>\n<html lang=\"") += html_escaped(page.language)) += "\" dir=\"auto\">\n<head>\n<meta charset=\"utf-8\">\n<title>";
    out += heading;
    if (!page.application.empty()) (out += " - ") += html_escaped(page.application);
    out += "</title>\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
           "<meta name=\"robots\" content=\"noindex\">\n<style>";
    ((out += page_style) += "</style>\n<script>") += page_script;
    ((out += "</script>\n</head>\n<body class=\"") += name_of(kind)) += "\">\n<main role=\"";
    out += bad ? "alert" : "status";
    out += "\">\n<svg class=\"icon\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.4\" stroke-linecap=\"round\" "
           "stroke-linejoin=\"round\" aria-hidden=\"true\"><path class=\"stroke\" pathLength=\"1\" d=\"";
    (out += icon_of(kind)) += "\"/></svg>\n";
    if (!page.application.empty()) ((out += "<p class=\"app\">") += html_escaped(page.application)) += "</p>\n";
    ((out += "<h1>") += heading) += "</h1>\n<p class=\"message\">";
    (out += html_escaped(text.message)) += "</p>\n</main>\n</body>\n</html>\n";
    return out;
}

} // namespace oauth::detail

#endif
