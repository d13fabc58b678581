#ifndef OAUTH_CORE_BARE_CODE_HPP
#define OAUTH_CORE_BARE_CODE_HPP

namespace oauth {

/** May a code by itself, as a person copies it out of the redirected URL, stand for the whole answer?

    It brings neither `state` nor `iss`: then nothing but PKCE ties it to the sign-in (RFC 7636), and nothing tells which server it is from.

    @par Specification
    RFC 6749 4.1.2 and 10.12, RFC 9207 2.4
*/
enum class bare_code
{
    unless_issuer_promised,   ///< yes, but not where the server's metadata promises `iss`, which must be checked then
    accepted,                 ///< yes, even there
    refused,                  ///< no: the whole URL, its query, or a form_post body
};

} // namespace oauth

#endif
