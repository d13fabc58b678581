#ifndef OAUTH_RESPONSE_DETAIL_JSON_MEMBERS_HPP
#define OAUTH_RESPONSE_DETAIL_JSON_MEMBERS_HPP

#include <oauth/core/scope.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/response/detail/json_number.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth::detail {

inline std::string_view text_of(boost::json::string const& from) noexcept { return {from.data(), from.size()}; }

/// A number, or a string that holds one, its fraction cut off.
inline std::optional<std::int64_t> whole_number(boost::json::value const& from) noexcept
{
    if (auto const* const number = from.if_int64()) return *number;
    if (from.is_uint64()) return std::numeric_limits<std::int64_t>::max();   // it would be an int64, were it not too large for that
    if (auto const* const number = from.if_double()) return saturated(*number);
    if (auto const* const digits = from.if_string()) return number_in_string(text_of(*digits));
    return std::nullopt;
}

// One overload for each type that a member may have: true where the value is of that type.

inline bool read_json(boost::json::value const& from, std::string& out)
{
    auto const* const text = from.if_string();
    if (text != nullptr) out = text_of(*text);
    return text != nullptr;
}

inline bool read_json(boost::json::value const& from, secret& out)
{
    auto const* const text = from.if_string();
    if (text != nullptr) out.assign(text_of(*text));
    return text != nullptr;
}

inline bool read_json(boost::json::value const& from, oauth::scope& out)
{
    auto const* const text = from.if_string();
    if (text == nullptr) return false;
    auto const tokens = text_of(*text);
    if (!oauth::scope::within_limits(tokens)) return false;
    out = oauth::scope(tokens);
    return true;
}

inline bool read_json(boost::json::value const& from, bool& out)
{
    auto const* const value = from.if_bool();
    if (value != nullptr) out = *value;
    return value != nullptr;
}

/// Within 68 years either way: what lies beyond is a mistake that must not overflow a sum.
inline bool read_json(boost::json::value const& from, std::optional<seconds>& out)
{
    auto const number = whole_number(from);
    if (number) out = seconds(std::clamp<std::int64_t>(*number, -2'147'483'647, 2'147'483'647));
    return number.has_value();
}

/// From 1970 up to the year 9999.
inline bool read_json(boost::json::value const& from, std::optional<time_point>& out)
{
    auto const number = whole_number(from);
    if (number) out = time_point(seconds(std::clamp<std::int64_t>(*number, 0, 253'402'300'799)));
    return number.has_value();
}

inline bool read_json(boost::json::value const& from, std::vector<std::string>& out)
{
    auto const* const list = from.if_array();
    if (list == nullptr || !std::all_of(list->begin(), list->end(), [](boost::json::value const& one) { return one.is_string(); })) return false;
    out.clear();
    out.reserve(list->size());
    for (auto const& one : *list) out.emplace_back(text_of(one.get_string()));
    return true;
}

inline bool read_json(boost::json::value const& from, boost::json::object& out)
{
    auto const* const value = from.if_object();
    if (value != nullptr) out = *value;
    return value != nullptr;
}

/** Takes the known members of an answer out, each by its type, so that the others are left. A member that is `null` is as good as absent.

    A number may be a JSON number or a string that holds one, as at @ref decode_token_response. The first fault is kept.

    @par Lifetime
    Refers to the object.
*/
class json_members
{
    boost::json::object& from_;
    std::optional<failure> failed_;

    void fail(errc why, std::string_view name)
    {
        if (!failed_) failed_.emplace(why, advice::give_up, std::string(name));
    }

public:
    explicit json_members(boost::json::object& from) noexcept : from_(from) {}

    /// Take the member, if it is there. One of another type stays where it is. Returns whether `out` was set.
    template <class T>
    bool take_if_fit(std::string_view name, T& out)
    {
        auto const at = from_.find(boost::json::string_view(name.data(), name.size()));
        if (at == from_.end()) return false;
        bool const there = !at->value().is_null();
        if (there && !read_json(at->value(), out)) return false;
        from_.erase(at);
        return there;
    }

    /// Take the member, if it is there; of another type it is errc::response_wrong_type. Returns whether `out` was set.
    template <class T>
    bool take(std::string_view name, T& out)
    {
        if (take_if_fit(name, out)) return true;
        if (from_.contains(boost::json::string_view(name.data(), name.size()))) fail(errc::response_wrong_type, name);
        return false;
    }

    /// As @ref take; an absent one is errc::response_missing_member.
    template <class T>
    bool need(std::string_view name, T& out)
    {
        if (take(name, out)) return true;
        fail(errc::response_missing_member, name);
        return false;
    }

    /// As @ref take, for a list of which a single one may stand by itself, as in `aud`.
    bool take_list(std::string_view name, std::vector<std::string>& out)
    {
        std::string single;
        if (!take_if_fit(name, single)) return take(name, out);
        out.assign(1, std::move(single));
        return true;
    }

    /// The value is of the right type, but no good.
    void refuse(std::string_view name) { fail(errc::response_bad_value, name); }

    /// The first fault, if there was one; its hint names the member.
    std::optional<failure> const& failed() const noexcept { return failed_; }
};

} // namespace oauth::detail

#endif
