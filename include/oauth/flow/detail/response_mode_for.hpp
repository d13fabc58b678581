#ifndef OAUTH_FLOW_DETAIL_RESPONSE_MODE_FOR_HPP
#define OAUTH_FLOW_DETAIL_RESPONSE_MODE_FOR_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/policy/redirect_receiver.hpp>
#include <oauth/request/authorization_request.hpp>
#include <algorithm>
#include <string>
#include <string_view>

namespace oauth::detail {

/// How the answer to a sign-in is to come: as the caller says, else as `Receiver` prefers where the server says that it can; "" leaves it to the server.
template <class Receiver>
std::string response_mode_for(server_metadata const& server, authorization_options const& options)
{
    if constexpr (prefers_response_mode<Receiver>)
    {
        std::string_view const preferred = Receiver::preferred_response_mode;
        auto const& known = server.response_modes_supported;
        auto const target = server.authorization_endpoint.target();
        auto const question = target.find('?');
        auto const query = parse_form(question == target.npos ? std::string_view() : target.substr(question + 1));
        bool const named = !options.response_mode.empty() || find_parameter(options.extra, "response_mode") || (query && find_parameter(*query, "response_mode"));
        if (!named && std::find(known.begin(), known.end(), preferred) != known.end()) return std::string(preferred);
    }
    return options.response_mode;
}

} // namespace oauth::detail

#endif
