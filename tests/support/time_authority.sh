# A time stamping authority of one's own: source it, then
#   make_authority FOLDER            ca.pem (the root), tsa.pem and its key
#   answer FOLDER REQUEST REPLY      what the authority answers, as `openssl ts` makes it
# shellcheck shell=bash

make_authority() {
  mkdir -p "$1"
  cat >"$1/openssl.cnf" <<'CONFIG'
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:true
[stamping]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = here
[here]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
CONFIG
  (cd "$1" &&
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 30 \
      -subj "/CN=Test root $RANDOM" -config openssl.cnf -extensions root &&
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tsa.key -out tsa.csr -subj "/CN=Test TSA" \
      -config openssl.cnf &&
    openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 20 -out tsa.pem \
      -extfile openssl.cnf -extensions stamping) >/dev/null 2>&1
}

answer() {
  (cd "$1" && openssl ts -reply -queryfile "$2" -inkey tsa.key -signer tsa.pem -out "$3" -config openssl.cnf \
    -section here) >/dev/null 2>&1
}
