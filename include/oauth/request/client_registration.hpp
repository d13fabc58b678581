#ifndef OAUTH_REQUEST_CLIENT_REGISTRATION_HPP
#define OAUTH_REQUEST_CLIENT_REGISTRATION_HPP

#include <oauth/core/client_metadata.hpp>
#include <oauth/core/detail/wipe.hpp>
#include <oauth/core/detail/wiping_resource.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/error/result.hpp>
#include <oauth/response/registration_response.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serializer.hpp>
#include <boost/json/storage_ptr.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace oauth {

namespace detail {

/// In memory that is wiped, since a secret may be added.
inline boost::json::object to_json_object(client_metadata const& what)
{
    boost::json::object made(what.extra, boost::json::make_shared_resource<wiping_resource>());
    each_member_of_client_metadata(what, [&made](std::string_view name, auto const& value) {
        using type = std::decay_t<decltype(value)>;
        boost::json::string_view const key(name.data(), name.size());
        if constexpr (std::is_same_v<type, oauth::scope>)
        {
            if (!value.empty()) made[key] = value.str();
        }
        else if constexpr (std::is_same_v<type, std::vector<std::string>>)
        {
            if (!value.empty()) made[key] = boost::json::array(value.begin(), value.end());
        }
        else if (!value.empty()) made[key] = value;
    });
    return made;
}

inline http_request bearer_request(http_method method, endpoint const& url, secret const& token)
{
    http_request made;
    made.method = method;
    made.url = url;
    made.fields = {{"Accept", "application/json"}};
    if (token.empty()) return made;
    made.authorization = secret(std::string_view("Bearer "));
    made.authorization.append(token.reveal());
    return made;
}

inline void put_json(http_request& into, boost::json::object const& body)
{
    into.fields.push_back({"Content-Type", "application/json"});
    boost::json::serializer writer;
    writer.reset(&body);
    char piece[512];
    while (!writer.done())
    {
        auto const written = writer.read(piece);
        into.body.append({written.data(), written.size()});
    }
    wipe(piece, sizeof piece);
}

} // namespace detail

/** The request that registers a client.

    @param initial_access_token What the server demands of whoever registers a client, if it demands anything.

    @return The request, or errc::missing_endpoint where the server has no registration endpoint.

    @par Specification
    RFC 7591 3.1
*/
inline result<http_request> client_registration(server_metadata const& server, client_metadata const& what, secret const& initial_access_token = {})
{
    if (server.registration_endpoint.empty()) return failure(errc::missing_endpoint, advice::fix_configuration, "server_metadata.registration_endpoint");
    auto made = detail::bearer_request(http_method::post, server.registration_endpoint, initial_access_token);
    detail::put_json(made, detail::to_json_object(what));
    return made;
}

/** The request that reads, changes or deletes a registration.

    @param method `get`, `put` or `delete_`.
    @param of What the server said of it last.
    @param what With `put`: all that the registration shall say; what is left out is deleted. The client's id and secret are added.

    @return The request, or
        @li errc::missing_endpoint where the server has given no `registration_client_uri` or no `registration_access_token`: it does not allow that,
        @li what `endpoint::parse` finds wrong with the URI.

    @par Specification
    RFC 7592 2
*/
inline result<http_request> client_configuration(http_method method, registration_response const& of, client_metadata const& what = {})
{
    if (of.registration_client_uri.empty() || of.registration_access_token.empty())
        return failure(errc::missing_endpoint, advice::give_up, "the server gave no registration_client_uri: its registrations can't be changed");
    auto const where = endpoint::parse(of.registration_client_uri);
    if (where.has_error()) return where.error();
    auto made = detail::bearer_request(method, *where, of.registration_access_token);
    if (method != http_method::put) return made;
    auto body = detail::to_json_object(what);
    body["client_id"] = of.client_id;
    if (!of.client_secret.empty()) body["client_secret"] = boost::json::string_view(of.client_secret.reveal().data(), of.client_secret.size());
    detail::put_json(made, body);
    return made;
}

} // namespace oauth

#endif
