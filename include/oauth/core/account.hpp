#ifndef OAUTH_CORE_ACCOUNT_HPP
#define OAUTH_CORE_ACCOUNT_HPP

#include <string>

namespace oauth {

/** Whose tokens are meant. A program for one user need not name one; a web application passes its own user's key.

    The key is opaque: it is compared exactly and never sent anywhere. At most 512 bytes.
*/
struct account
{
    std::string key = "default";

    friend bool operator==(account const&, account const&) = default;
};

} // namespace oauth

#endif
