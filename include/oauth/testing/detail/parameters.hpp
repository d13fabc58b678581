#ifndef OAUTH_TESTING_DETAIL_PARAMETERS_HPP
#define OAUTH_TESTING_DETAIL_PARAMETERS_HPP

#include <oauth/core/detail/port_number.hpp>
#include <oauth/core/endpoint.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/core/http_message.hpp>
#include <boost/url/parse.hpp>
#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace oauth::testing::detail {

/// The value of the parameter, or "".
inline std::string_view value_of(form_parameters const& parameters, std::string_view name) noexcept
{
    return find_parameter(parameters, name).value_or(std::string_view{});
}

/// The name of a parameter that came twice, or "" (RFC 6749 3.1 and 3.2). Those of `may_repeat` may: `resource` of an authorization request (RFC 8707 2.1).
inline std::string_view find_duplicate(form_parameters const& parameters, std::initializer_list<std::string_view> may_repeat = {}) noexcept
{
    for (auto one = parameters.begin(); one != parameters.end(); ++one)
        for (auto other = parameters.begin(); other != one; ++other)
            if (one->name == other->name && std::find(may_repeat.begin(), may_repeat.end(), one->name) == may_repeat.end()) return one->name;
    return {};
}

/// All values of a parameter that may repeat.
inline std::vector<std::string> values_of(form_parameters const& parameters, std::string_view name)
{
    std::vector<std::string> out;
    for (auto const& one : parameters)
        if (one.name == name) out.push_back(one.value);
    return out;
}

/// Is the body declared as a form? Parameters of the media type do not matter.
inline bool is_form(http_request const& request) noexcept
{
    auto type = find_field(request.fields, "Content-Type");
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' ')) type.remove_suffix(1);
    return oauth::detail::ascii_iequal(type, "application/x-www-form-urlencoded");
}

/// Is `given` the registered redirect URI? Character by character, but for the port of an http loopback URI (RFC 8252 7.3).
inline bool redirect_uri_matches(std::string_view registered, std::string_view given)
{
    if (registered == given) return true;
    auto const one = boost::urls::parse_uri({registered.data(), registered.size()});
    auto const other = boost::urls::parse_uri({given.data(), given.size()});
    if (!one || !other || one->scheme() != "http" || other->scheme() != "http") return false;
    if (other->has_userinfo() || other->has_fragment() || one->encoded_host() != other->encoded_host()) return false;
    std::string_view const host(one->encoded_host().data(), one->encoded_host().size());
    if (!is_loopback(host)) return false;
    if (other->has_port() && !oauth::detail::port_number({other->port().data(), other->port().size()})) return false;
    return one->encoded_resource() == other->encoded_resource();
}

} // namespace oauth::testing::detail

#endif
