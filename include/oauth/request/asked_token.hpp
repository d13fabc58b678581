#ifndef OAUTH_REQUEST_ASKED_TOKEN_HPP
#define OAUTH_REQUEST_ASKED_TOKEN_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/form.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/sha256.hpp>
#include <oauth/request/grant.hpp>
#include <concepts>
#include <cstddef>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace oauth {

/// What a grant says of the token that it asks for; what it does not say is empty.
struct asked_token
{
    oauth::scope scope;
    std::optional<std::string> resource;
    std::string claims = {};
    bool of_client = false;
    std::string parameters_fingerprint = {};   ///< @ref parameters_fingerprint
};

namespace detail {

template <class T>
concept asked_text = std::convertible_to<T const&, std::string_view> || std::convertible_to<T const&, std::string>;

template <class T>
concept asked_texts = !asked_text<T> && std::ranges::input_range<T const> && asked_text<std::ranges::range_value_t<T const>>;

template <class T>
concept asked_parameter = requires(T const& one) {
    { one.name } -> std::convertible_to<std::string_view>;
    { one.value } -> std::convertible_to<std::string_view>;
} || requires(T const& one) {
    { one.first } -> std::convertible_to<std::string_view>;
    { one.second } -> std::convertible_to<std::string_view>;
};

/// Let `use` have each text of `all`, which is one, or a range of such.
template <class T, class Use>
void each_asked_text(T const& all, Use use)
{
    if constexpr (std::convertible_to<T const&, std::string_view>) use(static_cast<std::string_view>(all));
    else if constexpr (asked_text<T>) use(std::string_view(static_cast<std::string>(all)));
    else
        for (auto const& one : all) each_asked_text(one, use);
}

// What is there and can't be read must not pass for what is not there: another's token would be found then.
template <grant Grant>
consteval bool says_readable_things()
{
    using G = Grant const&;
    if constexpr (requires(G what) { what.scope; })
        static_assert(requires(G what) { { what.scope } -> std::convertible_to<oauth::scope>; }, "grant: `scope` must convert to oauth::scope");
    if constexpr (requires(G what) { what.resource; })
        static_assert(requires(G what) { requires asked_text<std::remove_cvref_t<decltype((what.resource))>> || asked_texts<std::remove_cvref_t<decltype((what.resource))>>; },
                      "grant: `resource` must be text, or a range of texts");
    if constexpr (requires(G what) { what.claims; })
        static_assert(requires(G what) { requires asked_text<std::remove_cvref_t<decltype((what.claims))>>; }, "grant: `claims` must be text");
    if constexpr (requires(G what) { what.audience; })
        static_assert(requires(G what) { requires asked_text<std::remove_cvref_t<decltype((what.audience))>> || asked_texts<std::remove_cvref_t<decltype((what.audience))>>; },
                      "grant: `audience` must be text, or a range of texts");
    if constexpr (requires(G what) { what.requested_token_type; })
        static_assert(requires(G what) { requires asked_text<std::remove_cvref_t<decltype((what.requested_token_type))>>; }, "grant: `requested_token_type` must be text");
    if constexpr (requires(G what) { what.extra; })
        static_assert(requires(G what) { requires asked_parameter<std::ranges::range_value_t<std::remove_cvref_t<decltype((what.extra))>>>; },
                      "grant: `extra` must be a range of parameters, such as oauth::form_parameters");
    if constexpr (requires(G what) { what.kept_apart_by(); })
        static_assert(requires(G what) { requires asked_text<std::remove_cvref_t<decltype(what.kept_apart_by())>>; }, "grant: `kept_apart_by()` must give text");
    return true;
}

} // namespace detail

/** What tells the token that `what` asks for from others of the same scope, resource and claims: short, of fixed length, and nothing of the text. It is made of `audience`,
    `requested_token_type`, `extra` and `kept_apart_by()`, as the table of @ref grant has them; empty where none of them says anything, as a rule.

    @par Exception safety
    Strong; only allocation throws.

    @par Complexity
    No allocation where it is empty. Else SHA-256, as base64url, of what is written.
*/
template <grant Grant>
std::string parameters_fingerprint(Grant const& what)
{
    static_assert(detail::says_readable_things<Grant>());
    form apart;
    auto const add = [&apart](std::string_view name) { return [&apart, name](std::string_view value) { apart.add_if(name, value); }; };
    if constexpr (requires { what.audience; }) detail::each_asked_text(what.audience, add("audience"));
    if constexpr (requires { what.requested_token_type; }) detail::each_asked_text(what.requested_token_type, add("requested_token_type"));
    if constexpr (requires { what.extra; })
        for (auto const& [name, value] : what.extra) apart.add(name, value);
    // No parameter has an empty name.
    if constexpr (requires { what.kept_apart_by(); }) detail::each_asked_text(what.kept_apart_by(), add(""));
    if (apart.empty()) return {};
    auto const digest = sha256(apart.str());
    return base64url_encode(std::span<std::byte const>(digest));
}

/// The optional members of `what`, as the table of @ref grant has them. Several resources are one text, with a blank between each.
template <grant Grant>
asked_token asked_terms(Grant const& what)
{
    static_assert(detail::says_readable_things<Grant>());
    asked_token made;
    if constexpr (requires { what.scope; }) made.scope = what.scope;
    if constexpr (requires { what.resource; })
    {
        made.resource.emplace();
        detail::each_asked_text(what.resource, [&all = *made.resource](std::string_view one) { (all.empty() ? all : all += ' ') += one; });
    }
    if constexpr (requires { what.claims; }) detail::each_asked_text(what.claims, [&made](std::string_view claims) { made.claims = claims; });
    made.of_client = oauth::is_of_client<Grant>();
    made.parameters_fingerprint = oauth::parameters_fingerprint(what);
    return made;
}

} // namespace oauth

#endif
