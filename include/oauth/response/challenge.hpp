#ifndef OAUTH_RESPONSE_CHALLENGE_HPP
#define OAUTH_RESPONSE_CHALLENGE_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/core/scope.hpp>
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth {

/// One parameter of a @ref challenge. A quoted value is here without its quotes and escapes.
struct challenge_parameter
{
    std::string name;
    std::string value;
};

/** One challenge of a `WWW-Authenticate` field: how a server wants to be asked. All of it is **untrusted text**.

    @par Specification
    RFC 9110 11.3; its parameters: RFC 6750 3, RFC 9449 7.1, RFC 9470 3
*/
struct challenge
{
    std::string scheme;                            ///< such as "Bearer", in the server's own spelling
    std::string token68;                           ///< what some schemes (Negotiate) have instead of parameters
    std::vector<challenge_parameter> parameters;   ///< in order

    /// Is it of this scheme? ASCII case does not count.
    bool is(std::string_view name) const noexcept { return detail::ascii_iequal(scheme, name); }

    /// The value of the first parameter called `name`, ASCII case apart, or nothing. Lives as long as the challenge.
    std::optional<std::string_view> find(std::string_view name) const noexcept
    {
        for (auto const& parameter : parameters)
            if (detail::ascii_iequal(parameter.name, name)) return parameter.value;
        return std::nullopt;
    }
};

inline constexpr std::size_t max_challenges = 16;              ///< that are read of one answer
inline constexpr std::size_t max_challenge_parameters = 32;    ///< that are read of one challenge
inline constexpr std::size_t max_challenge_bytes = 64 * 1024;  ///< that are read of all fields of one answer

namespace detail {

/// Reads the challenges of one field, up to the first fault.
class challenge_reader
{
    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<challenge>& out_;

    static constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }
    static constexpr bool is_alphanumeric(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
    static constexpr bool is_one_of(char c, std::string_view set) noexcept { return set.find(c) != set.npos; }
    static constexpr bool is_token(char c) noexcept { return is_alphanumeric(c) || is_one_of(c, "!#$%&'*+-.^_`|~"); }
    static constexpr bool is_token68(char c) noexcept { return is_alphanumeric(c) || is_one_of(c, "-._~+/"); }
    static constexpr bool is_control(char c) noexcept { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7f'; }

    bool ended() const noexcept { return at_ >= text_.size(); }
    bool sees(char c) const noexcept { return !ended() && text_[at_] == c; }

    template <class Predicate>
    std::string_view take(Predicate is) noexcept
    {
        auto const begin = at_;
        while (!ended() && is(text_[at_])) ++at_;
        return text_.substr(begin, at_ - begin);
    }

    bool read_quoted(std::string& value)
    {
        for (++at_; !ended(); ++at_)
        {
            if (sees('"')) return ++at_, true;
            if (sees('\\') && ++at_ >= text_.size()) return false;
            if (is_control(text_[at_])) return false;
            value += text_[at_];
        }
        return false;
    }

    // Not only a token, as it should be: Microsoft writes URLs without quotes.
    bool read_bare(std::string& value)
    {
        value = take([](char c) { return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7f && c != ',' && c != '"'; });
        return !value.empty() && (ended() || sees(',') || is_blank(text_[at_]));
    }

    bool read_parameter(std::string_view name, challenge& into)
    {
        ++at_;   // the '='
        take(is_blank);
        challenge_parameter made{std::string(name), {}};
        if (!(sees('"') ? read_quoted(made.value) : read_bare(made.value)) || into.parameters.size() >= max_challenge_parameters) return false;
        into.parameters.push_back(std::move(made));
        return true;
    }

    // It may begin as a parameter does: only its end tells.
    void read_token68(challenge& into)
    {
        auto const begin = at_;
        if (take(is_token68).empty()) return;
        take([](char c) { return c == '='; });
        auto const end = at_;
        take(is_blank);
        if (ended() || sees(',')) into.token68 = text_.substr(begin, end - begin);
        else at_ = begin;
    }

public:
    challenge_reader(std::string_view text, std::vector<challenge>& out) noexcept : text_(text), out_(out) {}

    void read()
    {
        std::optional<std::size_t> current;
        bool separated = true;
        for (;;)
        {
            auto const between = take([](char c) { return is_blank(c) || c == ','; });
            separated = separated || between.find(',') != between.npos;
            if (ended()) return;
            auto const name = take(is_token);
            bool const glued = take(is_blank).empty() && !ended() && !sees(',');
            if (name.empty()) return;
            if (sees('='))
            {
                // A comma may be missing before a parameter: some of Microsoft's services leave it out.
                if (!current || !read_parameter(name, out_[*current])) return;
                separated = false;
                continue;
            }
            if (!separated || glued || out_.size() >= max_challenges) return;
            current = out_.size();
            out_.push_back({std::string(name), {}, {}});
            read_token68(out_.back());
            separated = false;
        }
    }
};

} // namespace detail

/** The challenges of all `WWW-Authenticate` fields, in order.

    Each field may hold several. Its list may have blanks and commas too many, as Microsoft's have. A field that is malformed is read up to the fault: what is sound
    before it counts, what follows does not. Never fails.

    @par Complexity
    Linear. At most @ref max_challenges, each with @ref max_challenge_parameters, of the first @ref max_challenge_bytes.

    @par Exception safety
    Only allocation throws.

    @par Specification
    RFC 9110 11.6.1
*/
inline std::vector<challenge> parse_challenges(http_fields const& fields)
{
    std::vector<challenge> out;
    std::size_t left = max_challenge_bytes;
    for (auto const& field : fields)
    {
        if (!detail::ascii_iequal(field.name, "WWW-Authenticate")) continue;
        auto text = std::string_view(field.value);
        // What is cut off must not leave half a value behind.
        if (text.size() > left) text = text.substr(0, text.rfind(',', left) + 1);
        left -= std::min(left, field.value.size());
        detail::challenge_reader(text, out).read();
    }
    return out;
}

/// The first of `challenges` that is of this scheme, or none. Lives as long as they do.
inline challenge const* find_challenge(std::vector<challenge> const& challenges, std::string_view scheme) noexcept
{
    auto const found = std::find_if(challenges.begin(), challenges.end(), [scheme](challenge const& one) { return one.is(scheme); });
    return found == challenges.end() ? nullptr : &*found;
}

} // namespace oauth

#endif
