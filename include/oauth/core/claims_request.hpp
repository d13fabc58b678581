#ifndef OAUTH_CORE_CLAIMS_REQUEST_HPP
#define OAUTH_CORE_CLAIMS_REQUEST_HPP

#include <oauth/error/result.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// In core, since requests carry it, responses bring it, and the client's registration holds it.

namespace oauth {

/// Bytes: a claims request that is longer is neither read nor made.
inline constexpr std::size_t claims_request_limit = 16 * 1024;

namespace detail {

inline failure bad_claims_request(std::string_view what)
{
    return failure(errc::malformed_claims, advice::fix_configuration, "a claims request must be " + std::string(what));
}

/// Is what is written of it read as the same? The parser makes an infinity of "1e400", and is not exact in the last digits. Recurses as deep as the value, which the parser bounds.
inline bool keeps_its_numbers(boost::json::value const& value) noexcept
{
    if (value.is_double())
    {
        error_code broken;
        return std::isfinite(value.get_double()) && boost::json::parse(boost::json::serialize(value), broken) == value;
    }
    if (auto const* const array = value.if_array()) return std::all_of(array->begin(), array->end(), [](auto const& element) { return keeps_its_numbers(element); });
    auto const* const object = value.if_object();
    return !object || std::all_of(object->begin(), object->end(), [](auto const& member) { return keeps_its_numbers(member.value()); });
}

/// A claims request as JSON; an empty text is one that asks for nothing.
inline result<boost::json::object> parse_claims_request(std::string_view text)
{
    if (text.size() > claims_request_limit) return bad_claims_request("16 KiB at most");
    if (text.empty()) return boost::json::object();
    error_code broken;
    auto value = boost::json::parse({text.data(), text.size()}, broken);
    if (broken || !value.is_object()) return bad_claims_request("a JSON object");
    if (!keeps_its_numbers(value)) return bad_claims_request("without numbers of more digits than a double holds");
    return std::move(value.get_object());
}

/// Let `more` come into `kept`. What can be parsed is not deep, so that recursion has a bound.
inline void merge_json(boost::json::value& kept, boost::json::value&& more)
{
    if (more.is_null()) return;   // asks for nothing special (OpenID Connect Core 5.5.1)
    if (kept.is_object() && more.is_object())
    {
        for (auto& member : more.get_object())
        {
            if (auto* const same = kept.get_object().if_contains(member.key())) merge_json(*same, std::move(member.value()));
            else kept.get_object().emplace(member.key(), std::move(member.value()));
        }
        return;
    }
    if (!kept.is_array() || !more.is_array())
    {
        kept = std::move(more);
        return;
    }
    std::set<std::string> there;
    for (auto const& element : kept.get_array()) there.insert(boost::json::serialize(element));
    for (auto& element : more.get_array())
        if (there.insert(boost::json::serialize(element)).second) kept.get_array().push_back(std::move(element));
}

inline failure bad_acr()
{
    return failure(errc::malformed_claims, advice::fix_configuration,
                   R"(id_token.acr of a claims request must be null or {"essential": true or false, "value": a text, "values": [at least one text]})");
}

/// As @ref demanded_acr, of a request that has been read.
inline result<std::optional<std::vector<std::string>>> read_demanded_acr(boost::json::object const& request)
{
    std::optional<std::vector<std::string>> out;
    auto const* const id_token = request.if_contains("id_token");
    if (!id_token || id_token->is_null()) return out;
    if (!id_token->is_object()) return bad_acr();
    auto const* const acr = id_token->get_object().if_contains("acr");
    if (!acr || acr->is_null()) return out;
    if (!acr->is_object()) return bad_acr();
    auto const& asked = acr->get_object();
    auto const* const essential = asked.if_contains("essential");
    if (!essential) return out;
    if (!essential->is_bool()) return bad_acr();
    if (!essential->get_bool()) return out;
    out.emplace();
    auto const take = [&out](boost::json::value const& value) {
        if (auto const* const text = value.if_string()) out->emplace_back(text->data(), text->size());
        return value.is_string();
    };
    if (auto const* const value = asked.if_contains("value"); value && !take(*value)) return bad_acr();
    if (auto const* const values = asked.if_contains("values"))
    {
        auto const* const list = values->if_array();
        if (!list || list->empty() || !std::all_of(list->begin(), list->end(), take)) return bad_acr();
    }
    return out;
}

/** Settle what comes of the two's `acr` before they are merged: what either demands is demanded still, so that who sends `more` can't let the user off.

    What does not count becomes `null`, which takes the place of nothing: to erase it would change the order of the others.
*/
inline result<void> settle_acr(boost::json::object& kept, boost::json::object& more)
{
    auto const first = read_demanded_acr(kept);
    if (first.has_error()) return first.error();
    auto const second = read_demanded_acr(more);
    if (second.has_error()) return second.error();
    if (!*first && !*second) return {};
    auto const acr_of = [](boost::json::object& request) {
        auto* const id_token = request.if_contains("id_token");
        return id_token && id_token->is_object() ? id_token->get_object().if_contains("acr") : nullptr;
    };
    if (!*first)
    {
        if (auto* const wish = acr_of(kept)) *wish = nullptr;
        return {};
    }
    if (auto* const other = acr_of(more)) *other = nullptr;
    if (!*second || (*second)->empty()) return {};
    auto common = **first;
    std::set<std::string> const suit((*second)->begin(), (*second)->end());
    std::erase_if(common, [&suit](auto const& value) { return !suit.contains(value); });
    if ((*first)->empty()) common = **second;   // any would do
    if (common.empty()) return failure(errc::malformed_claims, advice::fix_configuration, "two claims requests that come together demand an acr each, and no value suits both");
    if (common != **first) *acr_of(kept) = {{"essential", true}, {"values", boost::json::array(common.begin(), common.end())}};
    return {};
}

} // namespace detail

/** Two claims requests as one, which asks for all that either asks for.

    Objects are merged member by member, however deep; of arrays those elements are added that are not there yet. Where the two contradict each other, `more` counts;
    but `null`, which asks for nothing special, takes the place of nothing. To merge the same once more changes nothing.

    The ID token's `acr` is by itself, since `more` may come from an API, or a server: where one demands it (@ref demanded_acr), it counts, whichever it is; where both do, only the values
    that suit both are left.

    @param claims, more JSON objects, 16 KiB each at most; an empty text asks for nothing.
    @return The text without blanks, or errc::malformed_claims where one is no such object, or the whole is longer than 16 KiB; where @ref demanded_acr can't read one, or both demand an
        `acr` and no value suits both. The failure holds nothing of the texts.

    @par Complexity
    n log n in the length of both.

    @par Specification
    OpenID Connect Core 5.5, as Microsoft's own clients merge what an API asks for with what the client can do
*/
inline result<std::string> merge_claims_requests(std::string_view claims, std::string_view more)
{
    auto first = detail::parse_claims_request(claims);
    if (first.has_error()) return first.error();
    auto second = detail::parse_claims_request(more);
    if (second.has_error()) return second.error();
    if (auto const settled = detail::settle_acr(*first, *second); settled.has_error()) return settled.error();
    boost::json::value merged(std::move(*first));
    detail::merge_json(merged, boost::json::value(std::move(*second)));
    auto const text = boost::json::serialize(merged);
    if (text.size() > claims_request_limit) return detail::bad_claims_request("16 KiB at most");
    return std::string(text.data(), text.size());
}

/** The claims request that demands one of these ways to prove who the user is (`acr`), one at least: what the ID token shows must be among them. A server that can't have it refuses the sign-in.

    @code
    auto pending = graph.authorize({.claims = oauth::essential_acr({"urn:mace:incommon:iap:silver"})}).value();
    @endcode

    A @ref flow checks the ID token for it.

    @par Specification
    OpenID Connect Core 5.5.1.1
*/
inline std::string essential_acr(std::initializer_list<std::string_view> values)
{
    boost::json::array list;
    for (auto const value : values) list.emplace_back(boost::json::string_view(value.data(), value.size()));
    boost::json::object const request{{"id_token", {{"acr", {{"essential", true}, {"values", std::move(list)}}}}}};
    return boost::json::serialize(request);
}

/** Which values of `acr` a claims request demands of the ID token, as @ref essential_acr writes it or otherwise.

    @return Nothing where it demands none: an `acr` that is not essential is a wish. An empty list where it demands an `acr` and names no value: then any will do, but one must be there.
        Or errc::malformed_claims, also where `id_token` or its `acr` is neither null nor an object, and where an essential one has `values` that are no list of texts, or an empty one:
        what can't be read is not taken for no demand.
*/
inline result<std::optional<std::vector<std::string>>> demanded_acr(std::string_view claims)
{
    auto const request = detail::parse_claims_request(claims);
    if (request.has_error()) return request.error();
    return detail::read_demanded_acr(*request);
}

/** `claims` together with what the client says that it can do: `{"access_token":{"xms_cc":{"values":["cp1"]}}}` for the one capability "cp1".

    A @ref flow does this by itself with `client::capabilities`; who uses the core without a flow calls it.

    @return The text; `claims` as it is where there are no capabilities. Or errc::malformed_claims, as @ref merge_claims_requests.
*/
inline result<std::string> with_client_capabilities(std::string_view claims, std::span<std::string const> capabilities)
{
    if (capabilities.empty())
    {
        if (auto const read = detail::parse_claims_request(claims); read.has_error()) return read.error();
        return std::string(claims);
    }
    boost::json::array values;
    for (auto const& capability : capabilities) values.emplace_back(capability);
    boost::json::object const able{{"access_token", {{"xms_cc", {{"values", std::move(values)}}}}}};
    return merge_claims_requests(boost::json::serialize(able), claims);
}

} // namespace oauth

#endif
