#!/usr/bin/env python3
"""PyTorch CPU training-throughput peer: fwd + bwd + SGD-momentum on random 32x32x3 data held in memory.

One JSON object on stdout. Times are per-step wall times (monotonic); the median step gives images/s.
  torch_training_speed.py --model resnet20 --batch 128 --dtype fp32 --memory-format channels_last --threads 2 --seconds 8
FLOPs are direct-convolution FLOPs (2*MACs, convs + linear), backward = dgrad + wgrad (no dgrad for the first conv).
"""
import argparse, json, os, statistics, sys, time

def parse():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", default="resnet20", choices=["resnet20", "resnet20b", "resnet56", "wrn16-4", "resnet9", "preact18", "airbench94"])
    p.add_argument("--batch", type=int, default=128)
    p.add_argument("--dtype", default="fp32", choices=["fp32", "bf16"], help="bf16 = torch.autocast(cpu, bfloat16)")
    p.add_argument("--memory-format", default="nchw", choices=["nchw", "channels_last"])
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--seconds", type=float, default=8.0, help="measuring time after warm-up")
    p.add_argument("--warmup", type=int, default=3, help="warm-up steps")
    p.add_argument("--min-steps", type=int, default=5)
    p.add_argument("--compile", action="store_true", help="torch.compile(model)")
    p.add_argument("--compile-mode", default="default")
    p.add_argument("--opt", default="foreach", choices=["foreach", "fused", "loop"], help="SGD implementation")
    p.add_argument("--batches", type=int, default=4, help="distinct random batches cycled through")
    p.add_argument("--profile", action="store_true", help="also print a torch.profiler table on stderr")
    p.add_argument("--steps-csv", default="", help="write each step's seconds to this file")
    return p.parse_args()

def main():
    a = parse()
    os.environ.setdefault("OMP_NUM_THREADS", str(a.threads))
    import torch, torch.nn as nn, torch.nn.functional as F
    torch.set_num_threads(a.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(0)

    def conv3(i, o, s=1): return nn.Conv2d(i, o, 3, s, 1, bias=False)

    class Basic(nn.Module):  # He 2016 CIFAR block
        def __init__(s, i, o, st, opt):
            super().__init__()
            s.c1, s.b1, s.c2, s.b2 = conv3(i, o, st), nn.BatchNorm2d(o), conv3(o, o), nn.BatchNorm2d(o)
            s.st, s.i, s.o = st, i, o
            s.sc = None
            if (st != 1 or i != o) and opt == "B":
                s.sc = nn.Sequential(nn.Conv2d(i, o, 1, st, bias=False), nn.BatchNorm2d(o))
        def forward(s, x):
            y = s.b2(s.c2(F.relu(s.b1(s.c1(x)), inplace=True)))
            if s.sc is not None: x = s.sc(x)
            elif s.st != 1 or s.i != s.o:
                q = (s.o - s.i) // 2
                x = F.pad(x[:, :, ::s.st, ::s.st], (0, 0, 0, 0, q, s.o - s.i - q))
            return F.relu(y.add_(x), inplace=True)

    class CifarRes(nn.Module):
        def __init__(s, depth, opt):
            super().__init__()
            n = (depth - 2) // 6
            s.c, s.b = conv3(3, 16), nn.BatchNorm2d(16)
            L, i = [], 16
            for o, st in ((16, 1), (32, 2), (64, 2)):
                for k in range(n):
                    L.append(Basic(i, o, st if k == 0 else 1, opt)); i = o
            s.body, s.fc = nn.Sequential(*L), nn.Linear(64, 10)
        def forward(s, x):
            x = s.body(F.relu(s.b(s.c(x)), inplace=True))
            return s.fc(x.mean((2, 3)))

    class PreAct(nn.Module):  # used by WRN-16-4 and pre-activation ResNet-18
        def __init__(s, i, o, st):
            super().__init__()
            s.b1, s.c1, s.b2, s.c2 = nn.BatchNorm2d(i), conv3(i, o, st), nn.BatchNorm2d(o), conv3(o, o)
            s.sc = nn.Conv2d(i, o, 1, st, bias=False) if (st != 1 or i != o) else None
        def forward(s, x):
            h = F.relu(s.b1(x), inplace=True)
            r = s.sc(h) if s.sc is not None else x
            return s.c2(F.relu(s.b2(s.c1(h)), inplace=True)) + r

    class PreActNet(nn.Module):
        def __init__(s, stem, widths, n):
            super().__init__()
            s.c, L, i = conv3(3, stem), [], stem
            for g, o in enumerate(widths):
                for k in range(n):
                    L.append(PreAct(i, o, 2 if (g > 0 and k == 0) else 1)); i = o
            s.body, s.b, s.fc = nn.Sequential(*L), nn.BatchNorm2d(i), nn.Linear(i, 10)
        def forward(s, x):
            x = F.relu(s.b(s.body(s.c(x))), inplace=True)
            return s.fc(x.mean((2, 3)))

    class CBR(nn.Module):
        def __init__(s, i, o, pool=False):
            super().__init__(); s.c, s.b, s.pool = conv3(i, o), nn.BatchNorm2d(o), pool
        def forward(s, x):
            x = F.relu(s.b(s.c(x)), inplace=True)
            return F.max_pool2d(x, 2) if s.pool else x

    class Page9(nn.Module):
        def __init__(s):
            super().__init__()
            s.p, s.l1, s.r1a, s.r1b = CBR(3, 64), CBR(64, 128, True), CBR(128, 128), CBR(128, 128)
            s.l2, s.l3, s.r3a, s.r3b = CBR(128, 256, True), CBR(256, 512, True), CBR(512, 512), CBR(512, 512)
            s.fc = nn.Linear(512, 10, bias=False)
        def forward(s, x):
            x = s.l1(s.p(x)); x = x + s.r1b(s.r1a(x))
            x = s.l3(s.l2(x)); x = x + s.r3b(s.r3a(x))
            return s.fc(F.max_pool2d(x, 4).flatten(1)) * 0.125

    class Speed(nn.Module):  # two convolutions, the first pooled, batch norm and GELU after each
        def __init__(s, i, o):
            super().__init__()
            s.c1, s.b1, s.c2, s.b2 = conv3(i, o), nn.BatchNorm2d(o), conv3(o, o), nn.BatchNorm2d(o)
        def forward(s, x):
            return F.gelu(s.b2(s.c2(F.gelu(s.b1(F.max_pool2d(s.c1(x), 2))))))

    def airbench94():
        return nn.Sequential(nn.Conv2d(3, 24, 2), nn.GELU(), Speed(24, 64), Speed(64, 256), Speed(256, 256),
                             nn.MaxPool2d(3), nn.Flatten(), nn.Linear(256, 10, bias=False))

    net = {"airbench94": airbench94, "resnet20": lambda: CifarRes(20, "A"), "resnet20b": lambda: CifarRes(20, "B"), "resnet56": lambda: CifarRes(56, "A"),
           "wrn16-4": lambda: PreActNet(16, (64, 128, 256), 2), "resnet9": Page9,
           "preact18": lambda: PreActNet(64, (64, 128, 256, 512), 2)}[a.model]()
    params = sum(p.numel() for p in net.parameters())

    # direct FLOPs per image
    fl = {"fwd": 0, "first": None}
    def hook(m, i, o):
        if isinstance(m, nn.Conv2d):
            f = 2 * o.shape[2] * o.shape[3] * m.out_channels * m.in_channels * m.kernel_size[0] * m.kernel_size[1]
        else: f = 2 * m.in_features * m.out_features
        if fl["first"] is None: fl["first"] = f
        fl["fwd"] += f
    hs = [m.register_forward_hook(hook) for m in net.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    net.eval()
    with torch.no_grad(): net(torch.zeros(1, 3, 32, 32))
    for h in hs: h.remove()
    fwd, tot = fl["fwd"], 3 * fl["fwd"] - fl["first"]
    net.train()

    mf = torch.channels_last if a.memory_format == "channels_last" else torch.contiguous_format
    net = net.to(memory_format=mf)
    xs = [torch.randn(a.batch, 3, 32, 32).contiguous(memory_format=mf) for _ in range(a.batches)]
    ys = [torch.randint(0, 10, (a.batch,)) for _ in range(a.batches)]
    opt = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9, weight_decay=5e-4, nesterov=True,
                          foreach=a.opt == "foreach", fused=True if a.opt == "fused" else None)
    run = torch.compile(net, mode=a.compile_mode) if a.compile else net
    bf = a.dtype == "bf16"
    def fwdloss(x, y):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf):
            o = run(x)
        return F.cross_entropy(o.float(), y)
    def step(k):
        t0 = time.perf_counter()
        loss = fwdloss(xs[k % a.batches], ys[k % a.batches])
        t1 = time.perf_counter()
        opt.zero_grad(set_to_none=True)
        loss.backward()
        t2 = time.perf_counter()
        opt.step()
        t3 = time.perf_counter()
        return t1 - t0, t2 - t1, t3 - t2, float(loss.detach())
    tc = time.perf_counter()
    for k in range(a.warmup): step(k)
    warm = time.perf_counter() - tc
    rows, t0 = [], time.perf_counter()
    while len(rows) < a.min_steps or time.perf_counter() - t0 < a.seconds: rows.append(step(len(rows)))
    tot_s = [r[0] + r[1] + r[2] for r in rows]
    q = sorted(tot_s); med = statistics.median(q)
    if a.steps_csv: open(a.steps_csv, "w").write("\n".join("%.6f" % t for t in tot_s))
    if a.profile:
        from torch.profiler import profile, ProfilerActivity
        with profile(activities=[ProfilerActivity.CPU]) as pr:
            for k in range(2): step(k)
        print(pr.key_averages().table(sort_by="self_cpu_time_total", row_limit=25), file=sys.stderr)
    print(json.dumps({
        "model": a.model, "batch": a.batch, "dtype": a.dtype, "memory_format": a.memory_format, "threads": torch.get_num_threads(),
        "compile": a.compile, "opt": a.opt, "params": params, "steps": len(rows), "warmup_s": round(warm, 2),
        "images_per_s": round(a.batch / med, 1), "images_per_s_p90": round(a.batch / q[len(q) // 10], 1),
        "images_per_s_p10": round(a.batch / q[min(len(q) - 1, len(q) * 9 // 10)], 1),
        "step_ms": round(med * 1e3, 2), "fwd_share": round(statistics.median(r[0] for r in rows) / med, 3),
        "opt_share": round(statistics.median(r[2] for r in rows) / med, 3),
        "gflop_fwd_per_image": round(fwd / 1e9, 5), "gflop_train_per_image": round(tot / 1e9, 5),
        "gflops": round(tot / 1e9 * a.batch / med, 1), "last_loss": round(rows[-1][3], 4), "torch": torch.__version__,
        "env": {k: v for k, v in os.environ.items() if k.startswith(("OMP_", "KMP_", "DNNL_", "ONEDNN_", "MKL_", "LD_PRELOAD", "MALLOC_"))}}))

if __name__ == "__main__":
    main()
