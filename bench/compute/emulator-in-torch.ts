/**
 * The forecasting emulator's two training steps in PyTorch: layer for layer what src/forecast/model and
 * src/forecast/training trace, its tensors taken in the order of that tree.
 *
 * Legend: N batch, K context patches, P patches, B bins per patch, C channels, Z latents, R factors, D width, H heads.
 */
const NETWORKS = `
N, K, Fu, B = size["batch"], size["contextPatches"], size["futurePatches"], size["patchBins"]
C, Z, R, D, H = size["channels"], size["latents"], size["factors"], size["width"], size["heads"]
W = size["decoderWidth"]
P = K + Fu
class Linear:
    def __init__(self): self.w, self.b = leaf(), leaf()
    def __call__(self, x): return torch.addmm(self.b, x.reshape(-1, x.shape[-1]), self.w).reshape(*x.shape[:-1], -1)
class Norm:
    def __init__(self): self.g, self.o = leaf(), leaf()
    def __call__(self, x): return F.layer_norm(x, x.shape[-1:], self.g, self.o)
class Block:
    def __init__(self):
        self.n1, self.qkv, self.project = Norm(), Linear(), Linear()
        self.n2, self.expand, self.contract = Norm(), Linear(), Linear()
    def __call__(self, x, heads, bias=None):
        n, t, d = x.shape
        q, k, v = self.qkv(self.n1(x)).reshape(n, t, 3, heads, d // heads).permute(2, 0, 3, 1, 4)
        logits = (q / math.sqrt(d // heads)) @ k.transpose(-1, -2)
        a = torch.softmax(logits if bias is None else logits + bias, dim=-1) @ v
        x = x + self.project(a.transpose(1, 2).reshape(n, t, d))
        return x + self.contract(F.silu(self.expand(self.n2(x))))
ages = torch.arange(P)[:, None] - torch.arange(P)[None, :]
slopes = -(2.0 ** (-torch.arange(H) * 6 / H))
bias = torch.where(ages < 0, torch.tensor(-1e9), slopes[:, None, None] * ages)
class Trunk:
    def __init__(self): self.blocks, self.norm = [Block() for _ in range(size["blocks"])], Norm()
    def __call__(self, x):
        for block in self.blocks: x = block(x, H, bias)
        return self.norm(x)
class Autoencoder:
    def __init__(self):
        self.input, self.encoder, self.posterior = Linear(), Trunk(), Linear()
        self.dec_in, self.position, self.block, self.dec_out = Linear(), leaf(), Block(), Linear()
        self.expand, self.contract, self.output, self.readout = Linear(), Linear(), Linear(), Linear()
    def encode(self, x):
        features = self.encoder(self.input(x.sqrt().reshape(N, P, B * C)))
        mean, log_variance = self.posterior(features).chunk(2, -1)
        return features, mean, log_variance.clamp(-8, 1)
    def read(self, factors): return self.readout(factors).clamp(-10, 5)
    def direct(self, ahead):
        patches = []
        for _ in range(Fu):
            ahead = ahead + self.contract(F.silu(self.expand(ahead)))
            patches.append(self.output(ahead))
        return self.read(torch.cat(patches, 2).reshape(N, -1, Fu * B, R))
    def decode(self, z):
        return self.read(self.dec_out(self.block(self.dec_in(z).reshape(-1, B, W) + self.position, 2)))
def leaves(x):
    if isinstance(x, torch.Tensor): return [x]
    children = x if isinstance(x, list) else vars(x).values()
    return [t for child in children for t in leaves(child)]
`;

const SERVE = "serve(leaves(net), loss, clip=1.0, ema_decay=0.99, weight_decay=1.0)\n";

export const AUTOENCODER_IN_TORCH = `${NETWORKS}
def poisson(log_rate, counts): return (log_rate.exp() - counts * log_rate).mean()
net = Autoencoder()
seen, counts, noise = constant(), constant(), constant()
def loss():
    features, mean, log_variance = net.encode(seen)
    patches = counts.reshape(N, P, B, C)
    targets = torch.cat([patches[:, f + 1 : f + 1 + K] for f in range(Fu)], 2)
    direct = poisson(net.direct(features[:, :K]), targets)
    z = mean + (0.5 * log_variance).exp() * noise
    reconstruction = poisson(net.decode(z.reshape(N * P, Z)), counts.reshape(N * P, B, C))
    divergence = 0.5 * (mean ** 2 + log_variance.exp() - log_variance - 1)
    return direct + reconstruction + divergence.sum(2).mean() / (B * C)
${SERVE}`;

export const DYNAMICS_IN_TORCH = `${NETWORKS}
class Modulated:
    def __init__(self):
        self.norm, self.modulate, self.expand, self.contract = Norm(), Linear(), Linear(), Linear()
class Dynamics:
    def __init__(self):
        self.input, self.trunk, self.condition = Linear(), Trunk(), Linear()
        self.time, self.noisy, self.blocks = Linear(), Linear(), [Modulated() for _ in range(2)]
        self.output = Linear()
    def velocity(self, noisy, features, time, step):
        angles = [time * (math.pi / 2 * rate) for rate in (1, 2, 4)]
        times = torch.cat([w for a in angles for w in (a.sin(), a.cos())] + [step, step.sqrt()], 1)
        condition = F.silu(self.condition(features) + self.time(times))
        x = self.noisy(noisy)
        for b in self.blocks:
            scale, shift, gate = b.modulate(condition).chunk(3, 1)
            x = x + b.contract(F.silu(b.expand(b.norm(x) * (scale + 1) + shift))) * (gate + 1)
        return self.output(x + condition)
net = Dynamics()
M = N * (P - 1)
Q = M // 4
counts, dreamed, noise, flow_noise, time_at = [constant() for _ in range(5)]
encoder = Autoencoder()
center, deviation = constant(), constant()
normal = lambda z: (z - center) / deviation
zero, half, one = torch.zeros(Q, 1), torch.full((Q, 1), 0.5), torch.ones(Q, 1)
cat = lambda *parts: torch.cat(parts, 0)
between = lambda a, b, t: a * (1 - t) + b * t
def loss():
    with torch.no_grad():
        _, mean, log_variance = encoder.encode(counts)
        observed, drawn = normal(mean), normal(mean + (0.5 * log_variance).exp() * noise)
        context = observed + (drawn - observed) * dreamed
    features = net.trunk(net.input(torch.cat([context, dreamed], 2)))[:, :-1].reshape(M, D)
    following = drawn[:, 1:].reshape(M, Z)
    next0, features0, noise0, time0 = following[:Q], features[:Q], flow_noise[:Q], time_at[:Q]
    with torch.no_grad():
        two = lambda z, t: net.velocity(z, cat(features0, features0), t, cat(zero, half)).chunk(2, 0)
        start = (time0 >= 0.5).float() * 0.5
        begin = between(noise0, next0, start)
        small0, half0 = two(cat(begin, noise0), cat(start, zero))
        small1, half1 = two(cat(begin + 0.25 * small0, noise0 + 0.5 * half0), cat(start + 0.25, half))
        targets = cat(small0 + small1, half0 + half1) * 0.5
    learned = net.velocity(
        cat(between(flow_noise, following, time_at), begin, noise0), cat(features, features0, features0),
        cat(time_at, start, zero), cat(torch.zeros(M, 1), half, one))
    error = (learned - cat(following - flow_noise, targets)) ** 2
    return error[:M].mean() + error[M:].mean()
${SERVE}`;
