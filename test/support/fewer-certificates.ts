/**
 * For jest's `globalSetup`. Node 20 reads the file of NODE_EXTRA_CA_CERTS each time it starts, which takes it half as
 * long again as the rest, and the tests start it again and again. None of them asks anybody who needs a certificate.
 */
export default function withoutExtraCertificates(): void {
  delete process.env['NODE_EXTRA_CA_CERTS'];
}
