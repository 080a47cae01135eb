import CKernels

/// One stretch of a stochastic-gradient step.
func sgdUpdate(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: UpdateTask.self).pointee
  var i = index * task.countPerTask
  let end = least(i + task.countPerTask, task.count)
  let momentum = Vector(repeating: task.momentum)
  let decay = Vector(repeating: task.weightDecay)
  let descent = Vector(repeating: -task.learningRate)
  while i + lanes <= end {
    let w = load(task.w + i)
    let g = multiplyAdd(decay, w, load(task.dw + i))
    let v = multiplyAdd(momentum, load(task.velocity + i), g)
    let step = task.usesNesterov ? multiplyAdd(momentum, v, g) : v
    store(v, task.velocity + i)
    store(multiplyAdd(descent, step, w), task.w + i)
    i += lanes
  }
  while i < end {
    let g = task.weightDecay * task.w[i] + task.dw[i]
    let v = task.momentum * task.velocity[i] + g
    task.velocity[i] = v
    task.w[i] -= task.learningRate * (task.usesNesterov ? task.momentum * v + g : v)
    i += 1
  }
}
