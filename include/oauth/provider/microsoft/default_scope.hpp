#ifndef OAUTH_PROVIDER_MICROSOFT_DEFAULT_SCOPE_HPP
#define OAUTH_PROVIDER_MICROSOFT_DEFAULT_SCOPE_HPP

#include <oauth/core/scope.hpp>
#include <string>
#include <string_view>

namespace oauth::microsoft {

/** All that an application was granted at `resource`: the scope that v2 wants of a program that signs in as itself, and what v1's `resource` is called in v2.

    @param resource The API's application ID URI, such as "https://graph.microsoft.com" or "api://GUID". Its final slash, if it has one, is a part of it, and gives two: that is
        what Microsoft wants.
*/
inline scope default_scope(std::string_view resource) { return scope(std::string(resource) + "/.default"); }

} // namespace oauth::microsoft

#endif
