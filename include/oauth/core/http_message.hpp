#ifndef OAUTH_CORE_HTTP_MESSAGE_HPP
#define OAUTH_CORE_HTTP_MESSAGE_HPP

#include <oauth/core/endpoint.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/secret.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace oauth {

/// The methods that a client of this kind needs.
enum class http_method { get, post, put, patch, delete_, head };

/// As it stands in the request line.
constexpr std::string_view to_string(http_method method) noexcept
{
    switch (method)
    {
    case http_method::get: return "GET";
    case http_method::post: return "POST";
    case http_method::put: return "PUT";
    case http_method::patch: return "PATCH";
    case http_method::delete_: return "DELETE";
    case http_method::head: return "HEAD";
    }
    return "GET";
}

/// One header field. Its value is not treated as a secret: `Authorization` has a member of its own in @ref http_request.
struct http_field
{
    std::string name;
    std::string value;
};

/// The fields of a message, in order. A name may come more than once.
using http_fields = std::vector<http_field>;

/** What a transport is asked to send. The transport adds `Host`, `Content-Length` and `Connection`; it never adds `Origin`.

    The body and the value of `Authorization` are secrets, since codes, tokens and passwords travel in them.
*/
struct http_request
{
    http_method method = http_method::get;
    endpoint url = {};
    http_fields fields = {};          ///< all but Host, Content-Length, Connection and Authorization
    secret authorization = {};        ///< the value of `Authorization`, such as "Bearer …"; none where empty
    secret body = {};
};

/** What a transport got back. The body is the content as it is after transfer coding. */
struct http_response
{
    int status = 0;                   ///< 100 … 599
    http_fields fields = {};
    secret body = {};
};

/// The value of the first field called `name`, without regard to ASCII case; "" where there is none. The view lives as long as `fields`.
inline std::string_view find_field(http_fields const& fields, std::string_view name) noexcept
{
    for (auto const& field : fields)
        if (field.name == name || detail::ascii_iequal(field.name, name)) return field.value;   // most servers write it as we do
    return {};
}

} // namespace oauth

#endif
