#ifndef OAUTH_CORE_SCOPE_HPP
#define OAUTH_CORE_SCOPE_HPP

#include <oauth/config.hpp>
#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace oauth {

/** A set of scope tokens that keeps its order, as it goes over the wire: "openid offline_access Bookings.ReadWrite.All".

    Blanks at either end and between tokens are not part of it; a token that is there already is not added again (compared exactly). Which
    characters a token may hold is checked where the scope is used, by @ref valid.

    @par Specification
    RFC 6749 3.3
*/
class scope
{
    std::string text_;

public:
    scope() = default;

    /// One token or several, separated by blanks. A null pointer, such as `std::getenv` gives, is an empty text.
    scope(std::string_view text) { add(text); }
    scope(char const* text) { add(text ? std::string_view(text) : std::string_view()); }
    scope(std::string const& text) { add(text); }

    /// Each element one token or several.
    scope(std::initializer_list<std::string_view> tokens)
    {
        for (auto token : tokens) add(token);
    }

    /** Add the tokens of `text` that are not there yet.

        @par Complexity
        Length of both; times the logarithm of the number of tokens where `text` has more than 32.
    */
    void add(std::string_view text);

    /// The whole, tokens separated by one blank each.
    std::string const& str() const noexcept { return text_; }

    bool empty() const noexcept { return text_.empty(); }

    /// Is this very token in the set? Scope tokens are case sensitive (RFC 6749 3.3).
    bool contains(std::string_view token) const noexcept
    {
        return any_of([token](std::string_view mine) { return mine == token; });
    }

    /// Call `visit(std::string_view)` for each token, in order.
    template <class Visitor>
    void for_each(Visitor visit) const
    {
        any_of([&visit](std::string_view mine) { return visit(mine), false; });
    }

    /// Is `holds(std::string_view)` true of a token? Asked in order, up to the first.
    template <class Predicate>
    bool any_of(Predicate holds) const
    {
        // Here stands exactly one blank between two tokens.
        for (std::string_view rest = text_; !rest.empty();)
        {
            auto const end = std::min(rest.find(' '), rest.size());
            if (holds(rest.substr(0, end))) return true;
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        return false;
    }

    /// Does every token hold only the characters that RFC 6749 allows: %x21, %x23-5B, %x5D-7E?
    bool valid() const noexcept
    {
        return std::all_of(text_.begin(), text_.end(), [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; });
    }

    /// Is `text` no more than what is taken from outside, be it a server's answer or a file: 64 KiB and 1024 tokens? No server grants as much.
    static bool within_limits(std::string_view text) noexcept { return text.size() <= 64 * 1024 && !has_more_than(text, 1024); }

    /// The same text. As sets, two scopes are equal when each @ref covers the other.
    friend bool operator==(scope const&, scope const&) = default;

private:
    void add_many(std::string_view text);

    static bool has_more_than(std::string_view text, std::size_t limit) noexcept;

    template <class Visitor>
    static void each(std::string_view text, Visitor visit)
    {
        while (!text.empty())
        {
            auto const begin = text.find_first_not_of(" \t\r\n");
            if (begin == text.npos) return;
            auto const end = std::min(text.find_first_of(" \t\r\n", begin), text.size());
            visit(text.substr(begin, end - begin));
            text.remove_prefix(end);
        }
    }
};

namespace detail {

constexpr char ascii_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

constexpr bool ascii_iequal(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && (a == b || std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return ascii_lower(x) == ascii_lower(y); }));
}

// These say what else the answer should hold; no access token carries them, and few servers echo them all.
constexpr bool asks_for_no_access(std::string_view token) noexcept
{
    return token == "openid" || token == "profile" || token == "email" || token == "address" || token == "phone" || token == "offline_access";
}

} // namespace detail

/** May a token that was granted `granted` serve where `wanted` is asked for?

    Every token of `wanted` must be granted, but for those of OpenID Connect and `offline_access`, which no access token carries. Compared without regard to order
    and to ASCII case, since servers echo scopes in their own spelling. A token may carry the prefix `default_resource`
    (such as "https://graph.microsoft.com/") on one side and lack it on the other.

    @param default_resource The resource that a bare scope belongs to, with its slash; "" where there is none.

    @par Complexity
    Tokens of `wanted` times tokens of `granted`. No allocation.
*/
OAUTH_DECL bool covers(scope const& granted, scope const& wanted, std::string_view default_resource = {}) noexcept;

/** What of `wanted` a server did not grant, when it says that it granted `granted`.

    Compared as @ref covers does. `RESOURCE/.default` (Microsoft) is no permission but a name for several, which are listed in its place: it is never missing.
*/
OAUTH_DECL scope declined(scope const& granted, scope const& wanted, std::string_view default_resource = {});

} // namespace oauth

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/core/impl/scope.ipp>
#endif

#endif
