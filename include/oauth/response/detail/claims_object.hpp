#ifndef OAUTH_RESPONSE_DETAIL_CLAIMS_OBJECT_HPP
#define OAUTH_RESPONSE_DETAIL_CLAIMS_OBJECT_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/error/result.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

/// The JSON object in a base64url text of at most 64 KiB; padding is let pass, since some servers write it.
inline result<boost::json::object> claims_object(std::string_view text)
{
    auto const refused = [](char const* hint) { return failure(errc::malformed_claims, advice::give_up, hint); };
    if (text.size() > 64 * 1024) return refused("longer than 64 KiB");
    while (text.ends_with('=')) text.remove_suffix(1);
    auto const bytes = base64url_decode(text);
    if (!bytes) return refused("not base64url");
    error_code ec;
    auto value = boost::json::parse(*bytes, ec);
    if (ec || !value.is_object()) return refused("not a JSON object");
    return std::move(value.get_object());
}

/// Take the member called `name` out, if it is a string; `null` and absent are nothing.
inline std::optional<std::string> take_text(boost::json::object& from, std::string_view name)
{
    auto const at = from.find(boost::json::string_view(name.data(), name.size()));
    if (at == from.end()) return std::nullopt;
    auto const* const text = at->value().if_string();
    if (text == nullptr && !at->value().is_null()) return std::nullopt;
    std::optional<std::string> out;
    if (text != nullptr) out.emplace(text->data(), text->size());
    from.erase(at);
    return out;
}

} // namespace oauth::detail

#endif
